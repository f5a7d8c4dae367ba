#include "proxy/worker.hpp"

#include "proxy/http1/server_connection.hpp"
#include "proxy/http2/server_connection.hpp"
#include "proxy/message/limits.hpp"

#include <utility>

namespace alert40::proxy {

/// A downstream connection and the entrance that it refers to.
struct Worker::Guest {
    std::shared_ptr<Entrance const> entrance; ///< shared with the listener and its other connections
    std::unique_ptr<Downstream> connection;
};

Worker::Worker(std::shared_ptr<Snapshot const> snapshot, LadderRegistry& registry, record::Sink& sink)
    : resolver_(loop_)
    , pool_({loop_, resolver_, registry, sink}, std::move(snapshot)) {
    loop_.start_ticks(*this);
}

Worker::~Worker() {
    stop();
    join();
}

void Worker::start() {
    thread_ = std::thread([this] { loop_.run(); });
}

void Worker::stop() {
    loop_.stop();
}

void Worker::join() {
    if (thread_.joinable()) thread_.join();
}

// ---- from the controlling thread

void Worker::listen(net::Socket socket, std::shared_ptr<Entrance const> entrance) {
    auto shared = std::make_shared<net::Socket>(std::move(socket)); // std::function copies what it holds
    loop_.post([this, shared, entrance = std::move(entrance)] {
        listeners_.push_back(std::make_unique<Listener>(loop_, std::move(*shared), entrance, *this));
    });
}

void Worker::stop_listening(std::shared_ptr<Entrance const> entrance) {
    loop_.post([this, entrance = std::move(entrance)] {
        std::erase_if(listeners_, [&](auto const& each) { return &each->entrance() == entrance.get(); });
        for (auto i = guests_.size(); i-- > 0;)
            if (i < guests_.size() && guests_[i]->entrance == entrance) guests_[i]->connection->drain();
    });
}

void Worker::use(std::shared_ptr<Snapshot const> snapshot) {
    loop_.post([this, snapshot = std::move(snapshot)] { pool_.use(snapshot); });
}

void Worker::drain() {
    loop_.post([this] {
        drain_until_ = loop_.now() + limits::drain_time;
        listeners_.clear();
        for (auto i = guests_.size(); i-- > 0;)
            if (i < guests_.size()) guests_[i]->connection->drain();
        stop_if_drained();
    });
}

// ---- connections

void Worker::accepted(net::Socket socket, std::shared_ptr<Entrance const> entrance) {
    auto stream = std::make_unique<net::ByteStream>(loop_, std::move(socket), nullptr, tls::By::downstream);
    add(std::make_unique<Detection>(std::move(stream), entrance, *this), entrance);
}

void Worker::detected(Detection& detection, Protocol protocol, std::unique_ptr<net::ByteStream> stream) {
    auto entrance = remove(detection);
    DownstreamParts parts{std::move(stream), pool_, *entrance, *this};
    if (protocol == Protocol::http2)
        add(http2::make_server_connection(std::move(parts)), std::move(entrance));
    else
        add(http1::make_server_connection(std::move(parts)), std::move(entrance));
}

void Worker::detection_ended(Detection& detection) {
    remove(detection);
}

void Worker::closed(Downstream& connection) {
    remove(connection);
}

void Worker::upgrade(Downstream& connection, std::unique_ptr<net::ByteStream> stream, Http2Upgrade upgrade) {
    auto entrance = remove(connection);
    DownstreamParts parts{std::move(stream), pool_, *entrance, *this};
    add(http2::make_server_connection(std::move(parts), std::move(upgrade)), std::move(entrance));
}

void Worker::add(std::unique_ptr<Downstream> connection, std::shared_ptr<Entrance const> entrance) {
    connection->place = guests_.size();
    guests_.push_back(std::make_unique<Guest>(Guest{std::move(entrance), std::move(connection)}));
    if (drain_until_) guests_.back()->connection->drain();
}

std::shared_ptr<Entrance const> Worker::remove(Downstream& connection) {
    auto const place = connection.place;
    if (place >= guests_.size() || guests_[place]->connection.get() != &connection)
        return nullptr; // already removed
    auto guest = std::move(guests_[place]);
    if (place + 1 < guests_.size()) {
        guests_[place] = std::move(guests_.back());
        guests_[place]->connection->place = place;
    }
    guests_.pop_back();
    auto entrance = guest->entrance;
    loop_.destroy_later(std::move(guest));
    stop_if_drained();
    return entrance;
}

void Worker::on_tick(std::chrono::steady_clock::time_point now) {
    for (auto const& listener : listeners_)
        listener->on_tick();
    for (auto i = guests_.size(); i-- > 0;)
        if (i < guests_.size()) guests_[i]->connection->on_tick(now);
    pool_.on_tick(now);
    if (drain_until_ && now >= *drain_until_) loop_.stop();
}

/// What an upgrade or a detection replaces is added again right away: so only the end of the turn can tell.
void Worker::stop_if_drained() {
    if (!drain_until_) return;
    loop_.post([this] {
        if (guests_.empty()) loop_.stop();
    });
}

} // namespace alert40::proxy
