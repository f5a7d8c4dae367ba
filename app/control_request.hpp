#pragma once

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace alert40::app {

/// What can be asked on the control socket: {"command":"status"}, "hosts", "way_in", or
/// {"command":"forget","host":"api.example.com"}, with the host "*" for all of them.
struct ControlRequest {
    enum class Command { status, hosts, way_in, forget };
    Command command = Command::status;
    std::string host; ///< for `forget`

    bool operator==(ControlRequest const&) const = default;
};

std::string to_json(ControlRequest const& request);
/// The error is one line.
boost::system::result<ControlRequest, std::string> parse_control_request(std::string_view json);

/// {"forgotten":2}
std::string forgotten_json(std::size_t count);
/// {"error":"..."}
std::string error_json(std::string_view line);
/// The number in it. Throws CommandError for an error, or for what is neither.
std::size_t parse_forgotten(std::string_view json);

} // namespace alert40::app
