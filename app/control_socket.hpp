#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace alert40::app {

/// How `alert40 status` and `forget` reach a running proxy: a Unix socket that only its user can open (0600,
/// in a folder of 0700), named by the port of its first listener. One JSON object a line in, one out, then
/// the end.
namespace control {

inline constexpr std::size_t longest_request = 4 * 1024;       ///< bytes; a host name and little else
inline constexpr std::size_t longest_answer = 8 * 1024 * 1024; ///< bytes; a full ladder memory is 2 MiB
inline constexpr std::size_t most_connections = 16;
inline constexpr std::chrono::seconds patience{5}; ///< for the other side, each way

std::filesystem::path socket_of(std::uint16_t port);
/// The ports that have a socket in our folder, whether or not a proxy is still behind it, in order.
std::vector<std::uint16_t> ports();

} // namespace control

/// How many proxies of this user answer.
std::size_t running_proxy_count();
/// Sends one request line to the proxy of `port`; without a port, to the only one that runs. Throws
/// CommandError.
std::string ask_running_proxy(std::optional<std::uint16_t> port, std::string const& request);

} // namespace alert40::app
