#include "policy/fault.hpp"

#include "policy/time_text.hpp"

#include <algorithm>
#include <array>

namespace alert40::policy {
namespace {

using Kind = FaultAction::Kind;

/// One kind of fault, where it strikes, and why not elsewhere.
struct Row {
    Kind kind;
    std::string_view name;
    std::array<bool, 4> at; ///< by FaultPoint
    std::string_view why_not;
};

constexpr std::array before_an_answer{true, true, false, false};
constexpr std::array instead_of_an_answer{false, true, false, false};
constexpr std::string_view nothing_answered =
    "it stands in the place of an answer to the ClientHello: use at = \"client_hello\"";

constexpr std::array rows = {
    Row{Kind::alert, "alert", instead_of_an_answer, nothing_answered},
    Row{Kind::reset, "reset", before_an_answer, nothing_answered},
    Row{Kind::close, "close", before_an_answer, nothing_answered},
    Row{Kind::silence, "silence", before_an_answer, nothing_answered},
    Row{Kind::delay, "delay", before_an_answer, nothing_answered},
    Row{Kind::garbage, "garbage", instead_of_an_answer, nothing_answered},
    Row{Kind::plain_http, "plain_http", instead_of_an_answer, nothing_answered},
    Row{Kind::limits,
        "a limited server",
        {false, false, true, false},
        "it answers: use at = \"server_hello\""},
    Row{Kind::flaw,
        "certificate",
        {false, false, false, true},
        "it is a message of its own: use at = \"certificate\""},
};

constexpr std::array<std::string_view, 4> point_names = {"connect", "client_hello", "server_hello",
                                                         "certificate"};

Row const& row_of(Kind kind) {
    return *std::ranges::find(rows, kind, &Row::kind);
}

std::string joined(std::vector<std::string> const& words) {
    std::string out;
    for (auto const& word : words)
        out += (out.empty() ? "" : ", ") + word;
    return out;
}

std::vector<std::string> limit_words(FaultAction const& action) {
    auto const& limits = action.limits;
    std::vector<std::string> words, versions;
    for (auto const version : limits.versions)
        versions.emplace_back(tls::name_of(version));
    if (!versions.empty()) words.push_back("of TLS " + joined(versions));
    if (!limits.ciphers.empty()) words.push_back("with the ciphers " + limits.ciphers);
    if (!limits.cipher_suites.empty()) words.push_back("with the suites " + joined(limits.cipher_suites));
    if (!limits.groups.empty()) words.push_back("with the groups " + joined(limits.groups));
    if (action.alpn) words.push_back(action.alpn->empty() ? "without ALPN" : "for " + joined(*action.alpn));
    if (limits.require_client_certificate) words.emplace_back("that demands a client certificate");
    if (limits.forgets_tickets) words.emplace_back("that forgets its tickets");
    if (limits.dh_1024) words.emplace_back("with DH of 1024 bits");
    return words;
}

std::string what(FaultAction const& action) {
    auto const name = std::string(name_of(action.kind));
    switch (action.kind) {
    case Kind::alert:
        return name + ' ' + std::to_string(static_cast<unsigned>(action.alert)) + ' ' +
               std::string(tls::name_of(action.alert)) +
               (action.level == tls::AlertLevel::warning ? " (warning)" : "");
    case Kind::delay: return name + " of " + duration_text(action.delay);
    case Kind::limits: return "a server " + joined(limit_words(action));
    case Kind::flaw: return name + ' ' + std::string(tls::name_of(action.flaw));
    default: return name;
    }
}

} // namespace

bool ends_it(FaultAction const& action) {
    bool const warning = action.kind == Kind::alert && action.level == tls::AlertLevel::warning;
    return action.kind != Kind::delay && action.kind != Kind::limits && action.kind != Kind::flaw && !warning;
}

std::string fault_text(FaultAction const& action, FaultPoint at) {
    return what(action) + " at " + std::string(name_of(at));
}

std::string_view name_of(FaultPoint point) {
    return point_names.at(static_cast<std::size_t>(point));
}

std::string_view name_of(Kind kind) {
    return row_of(kind).name;
}

bool can_strike(Kind kind, FaultPoint point) {
    return row_of(kind).at.at(static_cast<std::size_t>(point));
}

std::string_view why_not(Kind kind) {
    return row_of(kind).why_not;
}

} // namespace alert40::policy
