#pragma once

#include "tls/alert.hpp"
#include "tls/flaw.hpp"
#include "tls/hello_edit.hpp"
#include "tls/offer.hpp"
#include "tls/profile.hpp"
#include "tls/server_limits.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace alert40::policy {

/// Whom the proxy plays.
enum class FaultRole : std::uint8_t {
    origin, ///< the broken origin, or what stands before it, for the app
    client, ///< the broken client, or the path from it, for the origin
};

/// Where in the course of a connection a fault strikes.
enum class FaultPoint : std::uint8_t {
    connect,      ///< the app's connection or tunnel stands, and nothing was read of it
    client_hello, ///< its whole ClientHello was read, and nothing answered
    server_hello, ///< it is answered by a server that lacks something
    certificate,  ///< it is shown a certificate that it must refuse
    finished,     ///< the handshake is over, and nothing was said within
    preface,      ///< HTTP/2 begins, over TLS or not
    request,      ///< a request's head was read, and nothing of it went to the origin
    response,     ///< the head of a response is here, and nothing of it went to the app
};

/// What happens on purpose. Each is made by bytes, or by their absence; nothing is only said.
///
/// A new one is a struct here and in FaultAction, a row in fault_action.cpp (its name, where it strikes), its
/// words in fault_text.cpp, and its key in parse/fault_action_keys.cpp.
namespace fault {

/// A TLS alert, then FIN after a fatal one.
struct Alert {
    tls::AlertLevel level = tls::AlertLevel::fatal;
    tls::AlertDescription description = tls::AlertDescription::handshake_failure;

    bool operator==(Alert const&) const = default;
};

/// TCP RST.
struct Reset {
    bool operator==(Reset const&) const = default;
};

/// TCP FIN; within TLS behind close_notify, as RFC 8446 section 6.1 wants it.
struct Close {
    bool close_notify = true;

    bool operator==(Close const&) const = default;
};

/// Nothing, until the other side gives up.
struct Silence {
    bool operator==(Silence const&) const = default;
};

/// Goes on as if there were no fault, later.
struct Delay {
    std::chrono::milliseconds time{0};

    bool operator==(Delay const&) const = default;
};

/// Bytes that are no TLS, then FIN.
struct Garbage {
    bool operator==(Garbage const&) const = default;
};

/// An HTTP/1.1 400 where TLS was expected, then FIN.
struct PlainHttp {
    bool operator==(PlainHttp const&) const = default;
};

/// A TLS handshake with a server that is limited so; what fits goes on.
struct Server {
    tls::ServerLimits limits{};
    std::optional<std::vector<std::string>> alpn{}; ///< what it speaks; an empty list: no answer
    std::optional<std::string> alpn_forced{};       ///< its answer, whatever the app offers
    bool alpn_strict = false; ///< alert 120 where the app offers protocols, and none that it speaks
    std::optional<tls::SplitHello> split{}; ///< its flight leaves in records, or segments, of so many bytes

    bool operator==(Server const&) const = default;
};

/// A TLS handshake with this certificate; an app that takes it goes on.
struct Certificate {
    tls::Flaw flaw = tls::Flaw::expired;

    bool operator==(Certificate const&) const = default;
};

// As the client:

/// An offer that cannot work, or that does after all; the handshake goes on with it.
struct Offer {
    tls::Offer offer{};

    bool operator==(Offer const&) const = default;
};

/// A ClientHello whose bytes were changed on the way: no handshake survives it.
struct Hello {
    tls::HelloEdit edit{};

    bool operator==(Hello const&) const = default;
};

/// A ClientHello in two records or segments, the second of which follows after a pause.
struct Split {
    tls::SplitHello cut{};
    std::chrono::milliseconds pause{10};

    bool operator==(Split const&) const = default;
};

/// What becomes of the bytes behind the first `after` of one direction, counted from where it strikes.
struct Path {
    enum class Kind : std::uint8_t { reset, close, silence, throttle };
    std::optional<Kind> kind{};                      ///< always, once read
    tls::Direction direction = tls::Direction::sent; ///< to the origin
    std::size_t after = 0;
    std::size_t bytes_per_second = 0; ///< of `throttle`

    bool operator==(Path const&) const = default;
};

/// This status instead of the origin's answer.
struct Status {
    std::uint16_t code = 503;
    std::optional<std::chrono::seconds> retry_after{};

    bool operator==(Status const&) const = default;
};

/// A call of gRPC, gRPC-Web or Connect fails with this code (https://grpc.io/docs/guides/status-codes/).
struct GrpcStatus {
    std::uint32_t code = 14;

    bool operator==(GrpcStatus const&) const = default;
};

/// HTTP/2: the stream ends with this code (RFC 9113 section 7).
struct RstStream {
    std::uint32_t error_code = 0;

    bool operator==(RstStream const&) const = default;
};

/// HTTP/2: GOAWAY, and the connection ends.
struct Goaway {
    std::uint32_t error_code = 0;
    bool processed = false; ///< its last stream id covers the request: it may have been acted on

    bool operator==(Goaway const&) const = default;
};

/// HTTP/2: the app's SETTINGS are never acknowledged.
struct NoSettingsAck {
    bool operator==(NoSettingsAck const&) const = default;
};

/// HTTP/2: what an app would upload finds a window of 0, for ever.
struct NoWindow {
    bool operator==(NoWindow const&) const = default;
};

/// So far into a response: this much of its body, or this long after its head.
struct BodyMark {
    std::uint64_t bytes = 0;
    std::optional<std::chrono::milliseconds> time{}; ///< then it is this that counts

    bool operator==(BodyMark const&) const = default;
};

/// A body, or a WebSocket, ends before its time.
struct Truncate {
    enum class By : std::uint8_t {
        end,        ///< FIN (HTTP/1.1) or END_STREAM, as if it were all
        close,      ///< FIN of the connection
        reset,      ///< RST of the connection
        rst_stream, ///< HTTP/2
    };

    BodyMark after{};
    By by = By::end;
    std::uint32_t error_code = 0; ///< of `rst_stream`

    bool operator==(Truncate const&) const = default;
};

/// Nothing more of a body comes.
struct Stall {
    BodyMark after{};

    bool operator==(Stall const&) const = default;
};

/// A body passes no faster than this.
struct Throttle {
    std::uint64_t bytes_per_second = 1;

    bool operator==(Throttle const&) const = default;
};

} // namespace fault

using FaultAction =
    std::variant<fault::Alert, fault::Reset, fault::Close, fault::Silence, fault::Delay, fault::Garbage,
                 fault::PlainHttp, fault::Server, fault::Certificate, fault::Offer, fault::Hello,
                 fault::Split, fault::Path, fault::Status, fault::GrpcStatus, fault::RstStream, fault::Goaway,
                 fault::NoSettingsAck, fault::NoWindow, fault::Truncate, fault::Stall, fault::Throttle>;

namespace fault {

/// For std::visit: one function for each action that matters, and one for all others.
template <class... Functions>
struct Each : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Each(Functions...) -> Each<Functions...>;

/// FaultAction::index() where it is an Action.
template <class Action>
constexpr std::size_t place_of() {
    return []<class... All>(std::type_identity<std::variant<All...>>) {
        std::size_t place = 0;
        bool found = false;
        ((found |= std::is_same_v<Action, All>, place += found ? 0 : 1), ...);
        return place;
    }(std::type_identity<FaultAction>{});
}

} // namespace fault

std::string_view name_of(FaultRole role);
std::string_view name_of(FaultPoint point);
/// The key of `do` that names it: "reset". A server is "a limited server": it has many.
std::string_view name_of(FaultAction const& action);

/// Whatever the other side does, the connection is over with it.
bool ends_it(FaultAction const& action);
/// What a request has to be for the action to make sense.
enum class Carrier : std::uint8_t { any, http2, rpc };
Carrier carrier_of(FaultAction const& action);
/// Where it strikes if nothing is said; nowhere, if it is not played as `role`.
std::optional<FaultPoint> usual_point(FaultAction const& action, FaultRole role);
/// Why it is not done there, in one line; empty: it is.
std::string why_not(FaultAction const& action, FaultRole role, FaultPoint point);

/// Those at which, and as whom, any action can strike.
std::vector<FaultPoint> points_in_use();
std::vector<FaultRole> roles_in_use();

} // namespace alert40::policy
