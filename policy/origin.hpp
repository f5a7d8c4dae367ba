#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace alert40::policy {

/// scheme, host and port that a request is for. `host` is a lower-case A-label or an IP literal without
/// brackets.
struct Origin {
    std::string scheme; ///< "http" or "https"
    std::string host;
    std::uint16_t port = 0;

    bool operator==(Origin const&) const = default;
    /// "host", with ":port" where it is not the scheme's own; IPv6 in brackets.
    std::string authority() const;
    /// "https://", and the authority.
    std::string text() const;
};

struct Endpoint {
    std::string address; ///< IP literal without brackets
    std::uint16_t port = 0;

    bool operator==(Endpoint const&) const = default;
    std::string text() const; ///< "127.0.0.1:4040", "[::1]:4040"
};

/// A host with the port that was written after it.
struct HostPort {
    std::string host; ///< as in Origin; empty where nothing stood before ":"
    std::optional<std::uint16_t> port;

    bool operator==(HostPort const&) const = default;
};

/// "host", "host:80", ":80", "127.0.0.1:80", "[::1]:80", "[::1]", "::1"; nothing for anything else.
std::optional<HostPort> parse_host_port(std::string_view text);
/// "127.0.0.1:4040", "[::1]:4040", "localhost:4040" (127.0.0.1). Port 0 lets the system choose.
std::optional<Endpoint> parse_endpoint(std::string_view text);
/// Parses "https://host[:port]", with or without a final "/", as an origin; nothing if it is anything else (a
/// path, credentials, a bad port).
std::optional<Origin> parse_origin(std::string_view url);

/// An IPv6 literal in brackets, everything else as it is: what stands in URLs and before ":port".
std::string bracketed(std::string_view host);

} // namespace alert40::policy
