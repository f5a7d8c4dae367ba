#include "app/listen_address.hpp"

#include "app/exit.hpp"
#include "policy/host_name.hpp"

namespace alert40::app {

policy::Endpoint parse_listen_address(std::string_view text) {
    bool const port_alone = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
    auto const endpoint = policy::parse_endpoint((port_alone ? "127.0.0.1:" : "") + std::string(text));
    if (!endpoint)
        throw UsageError("\"" + std::string(text) +
                         "\" is no address to listen on; 4040, 127.0.0.1:4040 or [::1]:4040 are");
    return *endpoint;
}

policy::Map parse_map(std::string_view text) {
    auto const equals = text.find('=');
    if (equals == text.npos)
        throw UsageError("\"" + std::string(text) + "\" is no map; 4050=https://api.example.com is");
    auto map = policy::parse_map_target(text.substr(equals + 1));
    if (!map)
        throw UsageError("\"" + std::string(text.substr(equals + 1)) +
                         "\" is no origin: http:// or https://, a host and perhaps a port, and nothing after "
                         "them; or https:sni");
    map->listen = parse_listen_address(text.substr(0, equals));
    return *std::move(map);
}

policy::Map parse_tls_map(std::string_view text) {
    auto map = parse_map(text);
    map.tls = true;
    return map;
}

std::optional<std::string> why_exposed(policy::Policy const& policy) {
    constexpr auto reached = " can be reached from other machines: ";
    for (auto const& endpoint : policy.listen.proxy)
        if (!policy::is_loopback(endpoint.address) && policy.listen.credentials.empty())
            return endpoint.text() + reached +
                   "give it credentials to ask for (credentials = [\"user:password\"] in [listen], or "
                   "--credentials), or a loopback address";
    for (auto const& map : policy.maps)
        if (!policy::is_loopback(map.listen.address))
            return map.listen.text() + reached +
                   "a mapped listener cannot ask for credentials, so it listens on loopback addresses only";
    return std::nullopt;
}

} // namespace alert40::app
