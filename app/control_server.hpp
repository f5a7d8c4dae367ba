#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace alert40::app {

/// The proxy's end of the control socket (control_socket.hpp has its form and its bounds). Runs on the thread
/// of `io`.
class ControlServer {
  public:
    /// Gets one request line without its end, returns the answer likewise. Called on the thread of `io`; must
    /// not throw.
    using Answer = std::function<std::string(std::string_view request)>;

    /// Takes the place of a socket that nobody listens on any more. Throws CommandError where somebody does,
    /// or where the socket cannot be made.
    ControlServer(boost::asio::io_context& io, std::filesystem::path path, Answer answer);
    /// Closes every connection and removes the socket from its folder.
    ~ControlServer();

  private:
    struct State;
    std::shared_ptr<State> state_; ///< shared with the connections under way
};

} // namespace alert40::app
