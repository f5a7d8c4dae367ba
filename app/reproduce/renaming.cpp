#include "app/reproduce/renaming.hpp"

#include "policy/host_name.hpp"

#include <algorithm>
#include <stdexcept>

namespace alert40::app::reproduce {

namespace {

bool is_of_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool begins_word(std::string_view text, std::size_t at) {
    return at == 0 || !is_of_name(text[at - 1]);
}

/// A full stop goes on only where a name goes on behind it.
bool ends_word(std::string_view text, std::size_t at) {
    if (at >= text.size()) return true;
    bool const goes_on = text[at] == '.' && at + 1 < text.size() && is_of_name(text[at + 1]);
    return !is_of_name(text[at]) && !goes_on;
}

void add(Renaming& renaming, std::string const& name, std::string replacement) {
    bool const known = std::ranges::any_of(renaming, [&](auto const& one) { return one.first == name; });
    if (!name.empty() && !known) renaming.emplace_back(name, std::move(replacement));
}

/// A stand-in for a name or an address; `n` counts them.
std::string nobodys(std::string const& name, std::size_t n) {
    auto const number = std::to_string(n);
    if (!policy::to_ip_literal(name)) return n == 1 ? "origin.test" : "name" + number + ".test";
    return (name.find(':') != std::string::npos ? "2001:db8::" : "192.0.2.") + number;
}

/// "http://proxy.example:3128" -> "proxy.example"
std::string host_of_url(std::string_view url) {
    auto const scheme = url.find("://");
    if (scheme == std::string_view::npos) return "";
    auto const host = url.substr(scheme + 3);
    return std::string(host.substr(0, host.rfind(':')));
}

} // namespace

std::pair<std::string, std::string> parsed_renaming(std::string_view text) {
    auto const equals = text.find('=');
    auto const from = policy::to_a_label(text.substr(0, equals));
    auto const to =
        equals == std::string_view::npos ? std::nullopt : policy::to_a_label(text.substr(equals + 1));
    if (!from || !to)
        throw std::runtime_error(
            "--rename takes two names or addresses, such as api.example.com=origin.test, not \"" +
            std::string(text) + '"');
    return {*from, *to};
}

Renaming anonymous(RecordedFailure const& failed) {
    Renaming renaming;
    auto const name = [&](std::string const& one) {
        auto bare = one.starts_with("*.") ? one.substr(2) : one;
        add(renaming, bare, nobodys(bare, renaming.size() + 1));
    };
    auto const& handshake = failed.handshake;
    name(handshake.target.host);
    if (handshake.handshake.offered) name(handshake.handshake.offered->server_name);
    name(handshake.target.address);
    name(host_of_url(handshake.target.via));
    for (auto const& certificate : handshake.handshake.certificates)
        for (auto const& one : certificate.names)
            name(one);
    add(renaming, failed.injected_by, "a rule");
    return renaming;
}

std::string renamed(std::string_view text, Renaming const& renaming) {
    auto longest_first = renaming;
    std::ranges::stable_sort(longest_first, std::ranges::greater{},
                             [](auto const& one) { return one.first.size(); });
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        auto const fits = [&](auto const& one) {
            return text.compare(at, one.first.size(), one.first) == 0 && begins_word(text, at) &&
                   ends_word(text, at + one.first.size());
        };
        auto const found = std::ranges::find_if(longest_first, fits);
        if (found == longest_first.end()) {
            out += text[at++];
            continue;
        }
        out += found->second;
        at += found->first.size();
    }
    return out;
}

void rename(RecordedFailure& failed, Recipe& recipe, Renaming const& renaming) {
    auto const change = [&](std::string& text) { text = renamed(text, renaming); };
    auto& handshake = failed.handshake;
    change(handshake.target.host);
    change(handshake.target.address);
    if (handshake.handshake.offered) change(handshake.handshake.offered->server_name);
    change(failed.failure.detail);
    change(failed.injected_by);
    for (auto& comment : recipe.comments)
        change(comment);
    for (auto& step : recipe.steps)
        for (auto& comment : step.comments)
            change(comment);
}

} // namespace alert40::app::reproduce
