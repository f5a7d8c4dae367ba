#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every bound of the data path, with its reason.
namespace alert40::proxy::limits {

using namespace std::chrono_literals;

// one message
inline constexpr std::size_t head_bytes =
    64 * 1024;                             ///< request or response head: more than any browser or CDN sends
inline constexpr std::size_t fields = 256; ///< field lines in one head or trailer
inline constexpr std::size_t chunk_extension_bytes =
    4096; ///< per chunk: they are dropped, so only hostile ones are long

// one direction of one connection
inline constexpr std::size_t high_water = 256 * 1024; ///< unsent bytes at which the sender is paused
inline constexpr std::size_t low_water = 64 * 1024;   ///< and resumed
inline constexpr std::size_t read_bytes = 64 * 1024;  ///< one read: a full socket buffer on loopback
inline constexpr std::size_t read_ahead =
    64 * 1024; ///< pipelined requests that wait for the response before them
inline constexpr std::size_t reads_per_turn = 4; ///< then the other connections have their turn

// one exchange
inline constexpr std::size_t replay_body =
    64 * 1024; ///< request body kept until the origin answers, for sending again

// HTTP/2
inline constexpr std::uint32_t streams = 256; ///< concurrent streams we accept and use on one connection
inline constexpr std::uint32_t stream_window = 1024 * 1024; ///< bytes a peer may send before we take them
inline constexpr std::uint32_t connection_window =
    32 * 1024 * 1024; ///< the first window of every stream, and some grown ones
inline constexpr std::size_t connection_output =
    4 * 1024 * 1024; ///< unsent bodies; beyond it every stream keeps only little
inline constexpr unsigned resets_per_window =
    200; ///< peer's RST_STREAM, PING, SETTINGS, empty frames a second (CVE-2023-44487)

// time
inline constexpr auto request_head_time = 30s; ///< from the first byte to the end of the head
inline constexpr auto hello_time = 1s; ///< of an app that could begin with TLS: then its server speaks first
inline constexpr auto response_head_time =
    300s; ///< from the request to the head of its response; the wait for a connection is bounded alike
inline constexpr auto idle_downstream = 300s; ///< keep-alive without a request
inline constexpr auto idle_upstream = 60s;    ///< below what common origins keep (nginx 75 s)
inline constexpr auto idle_origin =
    60s; ///< without a connection: then what is known of the way there is forgotten
inline constexpr auto stalled_output = 120s; ///< a peer that takes nothing of what waits for it
inline constexpr auto drain_time = 10s;      ///< after SIGTERM
inline constexpr auto settings_time = 10s;   ///< until the peer's first SETTINGS (RFC 9113 section 3.4)
inline constexpr auto silence = 600s;        ///< on purpose: longer than any app waits for an answer
inline constexpr auto leave_time = 2s; ///< for the peer to read our last words before the socket is closed

// many
inline constexpr std::size_t upstream_per_origin = 1024; ///< HTTP/1.1 connections of one thread to one origin
inline constexpr std::size_t busy_per_origin =
    32; ///< HTTP/1.1 connections beyond which a request rather waits for one that is there
inline constexpr auto patience = 50ms;      ///< with that: a handshake across a continent takes as long
inline constexpr auto noticeable_wait = 1s; ///< of an app that gives up: sooner, it rather changed its mind
inline constexpr std::size_t waiting_per_origin = 4096; ///< exchanges that wait for a connection
inline constexpr std::size_t dials_per_origin =
    32; ///< handshakes under way at once, of one thread to one origin

} // namespace alert40::proxy::limits
