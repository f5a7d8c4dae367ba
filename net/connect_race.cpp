#include "net/connect_race.hpp"

#include "net/socket_failure.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace alert40::net {

namespace {

/// RFC 8305 section 4: the first one's family first, then in turns; the order within a family stays.
std::vector<IpEndpoint> interleaved(std::vector<IpEndpoint> endpoints) {
    if (endpoints.empty()) return endpoints;
    bool const first = endpoints.front().is_v6();
    auto const middle = std::stable_partition(endpoints.begin(), endpoints.end(),
                                              [&](IpEndpoint const& one) { return one.is_v6() == first; });
    std::vector<IpEndpoint> mixed;
    auto a = endpoints.begin();
    for (auto b = middle; a != middle || b != endpoints.end();) {
        if (a != middle) mixed.push_back(std::move(*a++));
        if (b != endpoints.end()) mixed.push_back(std::move(*b++));
    }
    return mixed;
}

} // namespace

/// One address.
class ConnectRace::Attempt final : public Watched {
  public:
    Attempt(ConnectRace& race, IpEndpoint endpoint)
        : race_(race)
        , endpoint_(std::move(endpoint)) {}

    ~Attempt() { stop(); }

    void start() {
        socket_ =
            Socket{::socket(endpoint_.data()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
        if (!socket_.open()) return race_.failed(*this, errno);
        int const on = 1;
        ::setsockopt(socket_.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        int const error = ::connect(socket_.fd(), endpoint_.data(), endpoint_.size()) == 0 ? 0 : errno;
        // on loopback the connection stands before connect returns, though it does not say so: save a turn of
        // the loop
        if (error == 0 || (error == EINPROGRESS && connected())) return race_.succeeded(*this);
        if (error != EINPROGRESS) return race_.failed(*this, error);
        race_.loop_.watch(socket_.fd(), *this, false, true);
        watched_ = true;
    }

    void on_ready(bool, bool, bool) override {
        int error = 0;
        socklen_t size = sizeof error;
        if (::getsockopt(socket_.fd(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
        if (error != 0) return race_.failed(*this, error);
        race_.succeeded(*this);
    }

    void stop() {
        unwatch();
        socket_ = Socket{};
    }

    Connected take() {
        unwatch();
        return {std::move(socket_), endpoint_};
    }

    bool waiting() const { return socket_.open(); }

    IpEndpoint const& endpoint() const { return endpoint_; }

    int reason = 0; ///< errno of its failure; 0: it has not failed

  private:
    bool connected() const {
        sockaddr_storage peer;
        socklen_t size = sizeof peer;
        return ::getpeername(socket_.fd(), reinterpret_cast<sockaddr*>(&peer), &size) == 0;
    }

    void unwatch() {
        if (std::exchange(watched_, false)) race_.loop_.unwatch(socket_.fd(), *this);
    }

    ConnectRace& race_;
    IpEndpoint endpoint_;
    Socket socket_;
    bool watched_ = false;
};

ConnectRace::ConnectRace(EventLoop& loop, std::vector<IpEndpoint> endpoints, std::function<void(Result)> done)
    : loop_(loop)
    , endpoints_(interleaved(std::move(endpoints)))
    , done_(std::move(done))
    , head_start_(loop) {
    if (endpoints_.size() > most_attempts)
        endpoints_.erase(endpoints_.begin() + most_attempts, endpoints_.end());
}

ConnectRace::~ConnectRace() = default;

void ConnectRace::start() {
    start_next();
}

void ConnectRace::start_next() {
    auto& attempt = *attempts_.emplace_back(std::make_unique<Attempt>(*this, endpoints_[next_++]));
    attempt.start();
    if (attempt.waiting() && done_ && next_ < endpoints_.size())
        head_start_.arm(head_start, [this] { start_next(); });
}

void ConnectRace::succeeded(Attempt& attempt) {
    auto connected = attempt.take();
    auto const done = std::exchange(done_, {});
    cancel();
    done(std::move(connected));
}

void ConnectRace::failed(Attempt& attempt, int error) {
    attempt.reason = error;
    attempt.stop();
    if (next_ < endpoints_.size()) return start_next();
    bool const others =
        std::any_of(attempts_.begin(), attempts_.end(), [](auto const& one) { return one->waiting(); });
    if (others) return;
    auto const done = std::exchange(done_, {});
    head_start_.disarm();
    done(failure());
}

void ConnectRace::cancel() {
    done_ = {};
    head_start_.disarm();
    for (auto const& attempt : attempts_)
        attempt->stop();
}

/// The kind is that of the first address with more to say than that there is no way to it.
tls::Failure ConnectRace::failure() const {
    auto const telling = std::find_if(attempts_.begin(), attempts_.end(), [](auto const& one) {
        return failure_kind_of(one->reason) != tls::FailureKind::unreachable;
    });
    auto const kind = failure_kind_of((telling != attempts_.end() ? *telling : attempts_.front())->reason);
    auto const by = kind == tls::FailureKind::library ? tls::By::local : tls::By::upstream;
    return {by, tls::Phase::connect, kind, std::nullopt, outcomes()};
}

std::string ConnectRace::outcomes() const {
    std::string text;
    for (auto const& attempt : attempts_) {
        if (!text.empty()) text += ", ";
        text +=
            attempt->endpoint().text() + ": " + (attempt->reason ? reason_of(attempt->reason) : "no answer");
    }
    return text;
}

} // namespace alert40::net
