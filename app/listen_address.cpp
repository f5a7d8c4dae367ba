#include "app/listen_address.hpp"

#include "app/exit.hpp"

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
    auto const origin = policy::parse_origin(text.substr(equals + 1));
    if (!origin)
        throw UsageError(
            "\"" + std::string(text.substr(equals + 1)) +
            "\" is no origin: http:// or https://, a host and perhaps a port, and nothing after them");
    return {.listen = parse_listen_address(text.substr(0, equals)), .to = *origin};
}

bool is_loopback(policy::Endpoint const& endpoint) {
    return endpoint.address == "::1" || endpoint.address.starts_with("127.");
}

std::optional<policy::Endpoint> exposed_listener(policy::Policy const& policy) {
    for (auto const& endpoint : policy.listen.proxy)
        if (!is_loopback(endpoint)) return endpoint;
    for (auto const& map : policy.maps)
        if (!is_loopback(map.listen)) return map.listen;
    return std::nullopt;
}

} // namespace alert40::app
