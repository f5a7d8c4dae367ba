#pragma once

#include <boost/system/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// The messages of SOCKS version 5 (RFC 1928) and its user names (RFC 1929), from an app.
namespace alert40::proxy::socks5 {

using Bytes = std::span<std::uint8_t const>;

enum class Method : std::uint8_t { none = 0, password = 2, unacceptable = 0xff };

/// RFC 1928 section 6.
enum class Reply : std::uint8_t {
    succeeded = 0,
    general_failure = 1,
    not_allowed = 2,
    network_unreachable = 3,
    host_unreachable = 4,
    connection_refused = 5,
    ttl_expired = 6,
    command_not_supported = 7,
    address_type_not_supported = 8,
};

/// A message with its size; `incomplete` wants more bytes, `malformed` none.
template <typename Message>
struct Parsed {
    enum class State : std::uint8_t { complete, incomplete, malformed };
    State state = State::incomplete;
    std::size_t size = 0;
    Message message{};
};

struct Greeting {
    std::vector<std::uint8_t> methods;
};

struct Password {
    std::string username;
    std::string password;
};

struct Request {
    std::uint8_t command = 0; ///< 1: CONNECT
    std::string host;         ///< a name or an IP literal; empty: an address type that we do not know
    std::uint16_t port = 0;
};

inline constexpr std::uint8_t connect = 1;

Parsed<Greeting> parse_greeting(Bytes bytes);
Parsed<Password> parse_password(Bytes bytes);
Parsed<Request> parse_request(Bytes bytes);

/// With the bound address left empty (0.0.0.0:0): nobody needs ours.
std::array<std::uint8_t, 10> reply(Reply code);

/// What an HTTP status of the proxy is in SOCKS.
Reply reply_for(unsigned status);

} // namespace alert40::proxy::socks5
