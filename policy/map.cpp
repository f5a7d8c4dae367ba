#include "policy/map.hpp"

namespace alert40::policy {
namespace {

constexpr std::uint16_t https_port = 443;

/// The port of "https:sni[:PORT]" or "sni[:PORT]".
std::optional<std::uint16_t> sni_port(std::string_view text) {
    if (constexpr std::string_view scheme = "https:"; text.starts_with(scheme))
        text.remove_prefix(scheme.size());
    if (constexpr std::string_view word = "sni"; text.starts_with(word))
        text.remove_prefix(word.size());
    else
        return std::nullopt;
    if (text.empty()) return https_port;
    auto const port = text.front() == ':' ? parse_host_port(text) : std::nullopt;
    return port && port->port != 0 ? port->port : std::nullopt;
}

} // namespace

std::string Map::target() const {
    if (!sni) return to.text();
    return "https:sni" + (to.port == https_port ? std::string() : ":" + std::to_string(to.port));
}

std::optional<Map> parse_map_target(std::string_view text) {
    if (auto const port = sni_port(text))
        return Map{.listen = {}, .to = {"https", "", *port}, .tls = true, .sni = true};
    auto origin = parse_origin(text);
    if (!origin) return std::nullopt;
    return Map{.listen = {}, .to = std::move(*origin)};
}

} // namespace alert40::policy
