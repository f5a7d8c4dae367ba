#include "app/serve.hpp"

#include "app/control_server.hpp"
#include "app/control_socket.hpp"
#include "app/exit.hpp"
#include "app/file_watch.hpp"
#include "app/live_proxy.hpp"
#include "app/log.hpp"
#include "app/stop_signals.hpp"
#include "policy/time_text.hpp"
#include "proxy/message/limits.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unistd.h>

#include <optional>
#include <utility>

namespace alert40::app {

namespace {

namespace asio = boost::asio;

constexpr auto time_between_looks = std::chrono::milliseconds(500); // at the policy file

/// "127.0.0.1:4040", perhaps with " -> https://..." after it.
std::uint16_t port_of(std::string const& listener) {
    auto const address = listener.substr(0, listener.find(' '));
    return static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
}

class Service {
  public:
    Service(LiveProxy& live, FileWatch& policy_file, StopSignals const& signals,
            std::function<void()> hung_up)
        : live_(live)
        , policy_file_(policy_file)
        , signals_(signals)
        , hung_up_(std::move(hung_up))
        , signal_(io_, ::dup(signals.descriptor()))
        , clock_(io_) {}

    void run(std::function<void()> const& ready) {
        open_control_socket();
        await_signal();
        await_look();
        ready();
        io_.run();
        control_.reset();
        signals_.leave_to_system();
        log(LogLevel::info, "finishing what is under way, for at most " +
                                policy::duration_text(proxy::limits::drain_time) +
                                "; once more stops at once");
        live_.proxy().drain();
    }

  private:
    void open_control_socket() {
        try {
            control_.emplace(io_, control::socket_of(port_of(live_.proxy().listening().at(0))),
                             [this](std::string_view request) { return live_.answer(request); });
        } catch (CommandError const& error) {
            log(LogLevel::warning,
                std::string(error.what()) + "; alert40 status and forget will not reach this proxy");
        }
    }

    void await_signal() {
        signal_.async_wait(asio::posix::stream_descriptor::wait_read,
                           [this](boost::system::error_code error) {
                               if (error) return;
                               while (auto const signal = signals_.take()) {
                                   if (signal != SIGHUP) return io_.stop();
                                   hung_up_();
                                   live_.reload();
                               }
                               await_signal();
                           });
    }

    void await_look() {
        clock_.expires_after(time_between_looks);
        clock_.async_wait([this](boost::system::error_code error) {
            if (error) return;
            if (policy_file_.look() != FileWatch::News::none) live_.reload();
            await_look();
        });
    }

    LiveProxy& live_;
    FileWatch& policy_file_;
    StopSignals const& signals_;
    std::function<void()> hung_up_;
    asio::io_context io_{1};
    asio::posix::stream_descriptor signal_;
    asio::steady_timer clock_;
    std::optional<ControlServer> control_;
};

} // namespace

void serve(LiveProxy& live, FileWatch& policy_file, StopSignals const& signals, std::function<void()> hung_up,
           std::function<void()> const& ready) {
    Service(live, policy_file, signals, std::move(hung_up)).run(ready);
}

} // namespace alert40::app
