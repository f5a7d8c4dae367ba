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

Complaint not_in_this_version(std::string_view text, std::string_view scheme) {
    return {std::string(scheme) + ":// is not in this version: " + in_quotes(text)};
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
    if (scheme == "tls" || scheme == "https") return not_in_this_version(text, scheme);
    auto const server = parse_host_port(rest);
    bool const literal = server && to_ip_literal(server->host);
    bool const known = scheme.empty() || scheme == "udp" || scheme == "tcp";
    if (!known || !literal || server->port == 0)
        return Complaint{
            "takes \"system\" or the address of a DNS server such as \"9.9.9.9\" or \"tcp://1.1.1.1:53\", "
            "not " +
            in_quotes(text)};
    return Resolver{scheme == "tcp" ? Resolver::Kind::tcp : Resolver::Kind::udp, server->host,
                    server->port.value_or(53)};
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
