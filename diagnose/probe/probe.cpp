#include "diagnose/probe/probe.hpp"

#include "diagnose/hello/fresh.hpp"
#include "diagnose/probe/flight_reader.hpp"
#include "net/duration_text.hpp"
#include "net/loop/deadline.hpp"
#include "net/loop/event_loop.hpp"
#include "net/socket_failure.hpp"
#include "net/socket_watch.hpp"
#include "tls/engine/client_keys.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace alert40::diagnose {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using tls::engine::ClientKeys;

Fresh fresh_of(ClientKeys const& keys) {
    Fresh fresh{keys.random(), keys.session_id(), {}};
    for (auto const& share : keys.shares())
        fresh.key_shares.push_back({share.group, share.key_exchange});
    return fresh;
}

/// dial -> hello out -> flight in -> Probed
class ProbeUnderWay final : net::Watched {
  public:
    ProbeUnderWay(net::EventLoop& loop, net::Resolver& resolver, ProbeRequest request,
                  std::function<void(Probed)> done)
        : request_(std::move(request))
        , done_(std::move(done))
        , watch_(loop, *this)
        , deadline_(loop) {
        request_.dial.context = nullptr;
        dial_ = net::start_dial(loop, resolver, request_.dial,
                                [this](net::Dialled dialled) { dialled_as(std::move(dialled)); });
    }

    void cancel() {
        done_ = {};
        dial_.reset();
        watch_.off();
        deadline_.disarm();
        socket_ = net::Socket{};
        path_.reset();
    }

  private:
    void dialled_as(net::Dialled dialled) {
        result_.dial = std::move(dialled.report);
        if (result_.dial.failure) {
            result_.answer.failure = result_.dial.failure;
            return deliver();
        }
        path_ = std::move(dialled.path);
        socket_ = std::move(dialled.socket);
        make_hello();
        auto const timeout = left_for_flight();
        deadline_.arm(timeout, [this, timeout] {
            reader_->end(tls::FailureKind::timeout,
                         "the server's flight was not complete after " + net::duration_text(timeout));
            finish();
        });
        send();
    }

    void make_hello() {
        if (!request_.as_it_is) keys_ = ClientKeys::make(share_groups(request_.hello));
        result_.sent =
            keys_ ? freshened(std::move(request_.hello), fresh_of(*keys_)) : std::move(request_.hello);
        to_send_ = records_of(result_.sent);
        reader_.emplace(message_of(result_.sent), keys_ ? &*keys_ : nullptr);
    }

    void on_ready(bool readable, bool writable, bool hung_up) override {
        if (readable || hung_up) receive();
        if (done_ && writable) send();
    }

    void send() {
        while (sent_ < to_send_.size()) {
            auto const n =
                ::send(socket_.fd(), to_send_.data() + sent_, to_send_.size() - sent_, MSG_NOSIGNAL);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno != EAGAIN) sent_ = to_send_.size(); // what the server said before it counts
            if (n < 0) break;
            sent_ += static_cast<std::size_t>(n);
        }
        watch_.on(socket_.fd(), true, sent_ < to_send_.size());
    }

    void receive() {
        std::array<std::uint8_t, 16 * 1024> buffer;
        while (!reader_->over()) {
            auto const n = ::recv(socket_.fd(), buffer.data(), buffer.size(), 0);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno == EAGAIN) return;
            if (n > 0) {
                if (!result_.dial.first_byte) result_.dial.first_byte = since_start();
                reader_->feed({buffer.data(), static_cast<std::size_t>(n)});
            } else if (n == 0) {
                reader_->end(tls::FailureKind::eof, "the server closed the connection");
            } else {
                reader_->end(net::failure_kind_of(errno), net::reason_of(errno));
            }
        }
        finish();
    }

    void finish() {
        watch_.off();
        deadline_.disarm();
        result_.answer = reader_->answer();
        if (path_ && result_.answer.failure) path_->explain(*result_.answer.failure);
        socket_ = net::Socket{};
        path_.reset();
        deliver();
    }

    void deliver() {
        result_.dial.total = since_start();
        auto const done = std::exchange(done_, {});
        if (done) done(std::move(result_));
    }

    milliseconds left_for_flight() const {
        auto const left = request_.dial.timeouts.total - (Clock::now() - started_);
        return std::clamp(std::chrono::ceil<milliseconds>(left), milliseconds{0},
                          request_.dial.timeouts.handshake);
    }

    std::chrono::microseconds since_start() const {
        return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
    }

    ProbeRequest request_;
    std::function<void(Probed)> done_; ///< empty: over
    Clock::time_point const started_ = Clock::now();
    std::unique_ptr<net::RoughPath> path_;
    net::Socket socket_;
    net::SocketWatch watch_; ///< after the socket, which it leaves before that closes
    net::Deadline deadline_;
    std::optional<ClientKeys> keys_;
    std::optional<FlightReader> reader_; ///< borrows the keys
    std::vector<std::uint8_t> to_send_;
    std::size_t sent_ = 0;
    Probed result_;
    std::unique_ptr<net::Dial> dial_;
};

class ProbeHandle final : public Probe {
  public:
    ProbeHandle(net::EventLoop& loop, std::unique_ptr<ProbeUnderWay> probe)
        : loop_(loop)
        , probe_(std::move(probe)) {}

    ~ProbeHandle() override {
        probe_->cancel();
        loop_.destroy_later(std::move(probe_));
    }

  private:
    net::EventLoop& loop_;
    std::unique_ptr<ProbeUnderWay> probe_;
};

} // namespace

std::unique_ptr<Probe> start_probe(net::EventLoop& loop, net::Resolver& resolver, ProbeRequest request,
                                   std::function<void(Probed)> done) {
    return std::make_unique<ProbeHandle>(
        loop, std::make_unique<ProbeUnderWay>(loop, resolver, std::move(request), std::move(done)));
}

} // namespace alert40::diagnose
