#include "policy/parse/path_values.hpp"

#include "policy/host_name.hpp"
#include "policy/limits.hpp"
#include "policy/origin.hpp"
#include "policy/parse/context.hpp"
#include "text/percent_decoded.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace alert40::policy::parse {
namespace {

struct Url {
    std::string_view scheme; ///< empty: none was written
    std::string_view rest;   ///< without a final "/"
};

Url split_scheme(std::string_view text) {
    auto const colon = text.find("://");
    if (colon == std::string_view::npos) return {{}, text};
    auto rest = text.substr(colon + 3);
    if (rest.ends_with('/')) rest.remove_suffix(1);
    return {text.substr(0, colon), rest};
}

std::optional<Resolver::Kind> resolver_of_scheme(std::string_view scheme) {
    using Kind = Resolver::Kind;
    constexpr std::array<std::pair<std::string_view, Kind>, 5> schemes{{{"", Kind::udp},
                                                                        {"udp", Kind::udp},
                                                                        {"tcp", Kind::tcp},
                                                                        {"tls", Kind::tls},
                                                                        {"https", Kind::https}}};
    auto const found = std::ranges::find(schemes, scheme, &std::pair<std::string_view, Kind>::first);
    return found == schemes.end() ? std::nullopt : std::optional(found->second);
}

/// Nothing for a broken escape or a control character.
std::optional<std::string> printable_part(std::string_view text) {
    auto part = text::percent_decoded(text);
    auto const control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (part && std::ranges::any_of(*part, control)) part.reset();
    return part;
}

bool read_credentials(std::string_view text, Via& via) {
    auto const colon = text.find(':');
    auto username = printable_part(text.substr(0, colon));
    auto password =
        printable_part(colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1));
    // A user name with a colon cannot be sent (RFC 7617 section 2).
    if (!username || !password || username->empty() || username->find(':') != std::string::npos) return false;
    via.username = std::move(*username);
    via.password = std::move(*password);
    return true;
}

} // namespace

TextResult<Resolver> parse_resolver(std::string_view text) {
    if (text == "system") return Resolver{};
    auto const [scheme, rest] = split_scheme(text);
    Complaint const complaint{
        R"(takes "system" or a DNS server such as "9.9.9.9", "tcp://1.1.1.1:53", "tls://9.9.9.9" or )"
        R"("https://dns.quad9.net/dns-query", not )" +
        in_quotes(text)};
    auto const kind = resolver_of_scheme(scheme);
    if (!kind) return complaint;
    auto const slash = *kind == Resolver::Kind::https ? std::min(rest.find('/'), rest.size()) : rest.size();
    auto const server = parse_host_port(rest.substr(0, slash));
    if (!server || server->host.empty() || server->port == 0) return complaint;
    Resolver resolver{*kind, server->host, server->port.value_or(Resolver::usual_port(*kind))};
    // The server of plain DNS is an address: who would look up its name?
    if (!to_ip_literal(resolver.address)) {
        auto const name = to_a_label(resolver.address);
        if (!resolver.is_encrypted() || !name) return complaint;
        resolver.address = *name;
    }
    if (*kind == Resolver::Kind::https) {
        auto const path = rest.substr(slash);
        auto const unfit = [](unsigned char c) { return c <= ' ' || c >= 0x7f || c == '?' || c == '#'; };
        if (std::ranges::any_of(path, unfit)) return complaint;
        resolver.path = path.empty() ? "/dns-query" : path;
    }
    return resolver;
}

TextResult<Address> parse_address(std::string_view text) {
    auto const parsed = parse_host_port(text);
    if (!parsed || parsed->port == 0)
        return Complaint{"takes HOST:PORT, HOST or :PORT, not " + in_quotes(text)};
    return Address{parsed->host, parsed->port.value_or(0)};
}

TextResult<Via> parse_via(std::string_view text) {
    Via via;
    if (text == "env") return via;
    via.kind = Via::Kind::direct;
    if (text == "direct") return via;

    // Never quoted back: a password may stand in it.
    std::string const wanted =
        R"(takes "env", "direct", "http://user:pass@proxy:3128", "socks5://proxy:1080" or "socks5h://proxy:1080")";
    auto const [scheme, rest] = split_scheme(text);
    auto const kind = Via::proxy_of_scheme(scheme);
    if (!kind) {
        constexpr std::array others = {"https", "socks4", "socks4a"};
        if (std::ranges::count(others, scheme) != 0)
            return Complaint{"knows no upstream proxy by " + std::string(scheme) + "://, only by http://, " +
                             "socks5:// and socks5h://"};
        return Complaint{wanted};
    }
    via.kind = *kind;
    auto const at = rest.rfind('@');
    if (at != std::string_view::npos && !read_credentials(rest.substr(0, at), via))
        return Complaint{wanted + ", with special characters of the credentials percent-encoded"};
    auto const proxy = parse_host_port(at == std::string_view::npos ? rest : rest.substr(at + 1));
    if (!proxy || proxy->host.empty()) return Complaint{wanted};
    if (proxy->port.value_or(0) == 0)
        return Complaint{"needs the proxy's port: \"" + std::string(scheme) + "://proxy:3128\""};
    via.host = proxy->host;
    via.port = *proxy->port;
    return via;
}

TextResult<tls::SplitHello> parse_split_hello(std::string_view text) {
    using Mode = tls::SplitHello::Mode;
    if (text == "none") return tls::SplitHello{};
    auto const colon = text.find(':');
    auto const unit = text.substr(0, colon);
    auto const digits = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    std::uint16_t at = 0;
    auto const end = digits.data() + digits.size();
    auto const [stop, error] = std::from_chars(digits.data(), end, at);
    bool const number = !digits.empty() && error == std::errc{} && stop == end;
    if ((unit != "record" && unit != "segment") || !number || at == 0 || at > limits::split_at)
        return Complaint{"takes \"none\", \"record:N\" or \"segment:N\" with N from 1 to 16384, not " +
                         in_quotes(text)};
    return tls::SplitHello{unit == "record" ? Mode::record : Mode::segment, at};
}

} // namespace alert40::policy::parse
