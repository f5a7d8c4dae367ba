#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace alert40::app::pointing {

/// Where apps find the proxy.
struct ProxyAddress {
    std::string host; ///< an IP literal, or a name
    std::uint16_t port = 0;
    std::string credentials; ///< "user:password"; empty: it asks for none

    bool operator==(ProxyAddress const&) const = default;
    /// "http://user:pass%20word@127.0.0.1:4040"
    std::string url() const;
    /// "127.0.0.1:4040": what may be shown to anybody.
    std::string place() const;
};

/// "127.0.0.1:4040", "[::1]:4040", as listeners are written; an address that stands for all of them (0.0.0.0)
/// becomes the loopback one. Nothing: it is no such text.
std::optional<ProxyAddress> parse_listener(std::string_view text);
/// "http://[USER:PASSWORD@]HOST:PORT"; the scheme may be left out.
std::optional<ProxyAddress> parse_proxy_url(std::string_view text);

} // namespace alert40::app::pointing
