#pragma once

#include "proxy/message/arena.hpp"
#include "proxy/message/fields.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace alert40::proxy {

enum class HttpVersion : std::uint8_t { http1_0, http1_1, http2 };

/// How long a body is, as far as the head says.
struct BodyLength {
    enum class Kind : std::uint8_t { none, known, unknown };
    Kind kind = Kind::none;
    std::uint64_t bytes = 0; ///< for `known`

    static BodyLength none() { return {}; }

    static BodyLength known(std::uint64_t n) { return {Kind::known, n}; }

    static BodyLength unknown() { return {Kind::unknown, 0}; }

    bool operator==(BodyLength const&) const = default;
};

/// A request as neither HTTP/1.1 nor HTTP/2: what both can say, once. Whoever received it has already checked
/// it, taken out what belongs to the connection (Connection and what it names, Keep-Alive, Proxy-Connection,
/// TE, Transfer-Encoding, Upgrade, HTTP2-Settings, Proxy-Authorization) and Host; Content-Length is in `body`
/// only. Cookie is one field, joined.
struct RequestHead {
    HttpVersion version = HttpVersion::http1_1; ///< as received
    std::string_view method;
    std::string_view scheme;    ///< lower-case; empty where the request did not say (origin-form)
    std::string_view authority; ///< from the absolute target or :authority, else Host; empty: none (HTTP/1.0)
    std::string_view path;      ///< with query; "*" for OPTIONS *; never empty otherwise, except for CONNECT
    std::string_view protocol;  ///< an Upgrade (RFC 9110 section 7.8) or extended CONNECT (RFC 8441):
                                ///< "websocket". `method` is then GET
    std::string_view proxy_authorization; ///< for us alone, so it is not among the fields
    Fields fields;
    BodyLength body;
    bool admitted = false;          ///< credentials were shown before, in another way (SOCKS5)
    bool trailers_accepted = false; ///< TE: trailers
    bool absolute_form = false;     ///< the target named scheme and authority itself (RFC 9112 section 3.2.2)
    Arena arena;

    void add(std::string_view name, std::string_view value, bool never_index = false);
    void clear();
};

/// A response, in the same manner. Content-Length is in `body`, and stays so for HEAD and 304 in
/// `declared_length`.
struct ResponseHead {
    HttpVersion version = HttpVersion::http1_1;
    std::uint16_t status = 200;
    std::string_view reason;   ///< HTTP/1.1 only; may be empty
    std::string_view protocol; ///< with `upgraded`: what was agreed on
    Fields fields;
    BodyLength body;
    std::optional<std::uint64_t> declared_length; ///< Content-Length of a response without a body (HEAD, 304)
    bool upgraded = false; ///< 101, or 200 to an extended CONNECT: opaque bytes follow in both directions
    Arena arena;

    void add(std::string_view name, std::string_view value, bool never_index = false);
    void clear();
};

/// Takes out the fields that belong to one connection only (RFC 9110 section 7.6.1), those that Connection
/// names included. Sets nothing else: what they meant is the receiver's to have read before.
void strip_connection_fields(Fields& fields);

/// Values joined as RFC 9113 section 8.2.3 says: one Cookie field, "; " between.
void join_cookies(Fields& fields, Arena& arena);

} // namespace alert40::proxy
