#include "proxy/worker.hpp"

#include "net/encrypted_dns/encrypted_dns.hpp"
#include "policy/time_text.hpp"
#include "proxy/exchange/last_words.hpp"
#include "proxy/fault/http2_flaws.hpp"
#include "proxy/fault/injected_failure.hpp"
#include "proxy/http1/server_connection.hpp"
#include "proxy/http2/server_connection.hpp"
#include "proxy/message/limits.hpp"
#include "proxy/tunnel/pass_connection.hpp"
#include "proxy/tunnel/socks5_connection.hpp"
#include "record/trust_words.hpp"
#include "record/ulid.hpp"

#include <utility>

namespace alert40::proxy {

/// A downstream connection and the entrance that it refers to.
struct Worker::Guest {
    std::shared_ptr<Entrance const> entrance; ///< shared with the listener and its other connections
    std::unique_ptr<Downstream> connection;
};

Worker::Worker(std::shared_ptr<Snapshot const> snapshot, LadderRegistry& registry, Interceptor& interceptor,
               FaultBook& faults, record::Sink& sink, Diagnostician* diagnostician)
    : resolver_(loop_, net::make_encrypted_dns)
    , snapshot_(std::move(snapshot))
    , interceptor_(interceptor)
    , faults_(faults)
    , sink_(sink)
    , pool_({loop_, resolver_, registry, sink, faults, diagnostician}, snapshot_)
    , tunnels_({loop_, resolver_, registry, sink, faults}, snapshot_, static_cast<Tunnels::Host&>(*this))
    , switchboard_(pool_, tunnels_) {
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
        drain_guests_of(*entrance);
        std::erase_if(listeners_, [&](auto const& each) {
            if (&each->entrance() != entrance.get()) return false;
            each->accept_waiting();
            return true;
        });
        closed_.push_back({entrance, loop_.now()});
    });
}

void Worker::use(std::shared_ptr<Snapshot const> snapshot) {
    loop_.post([this, snapshot = std::move(snapshot)] {
        snapshot_ = snapshot;
        pool_.use(snapshot);
        tunnels_.use(snapshot);
    });
}

void Worker::drain() {
    loop_.post([this] {
        draining_since_ = loop_.now();
        drain_guests();
        for (auto const& listener : listeners_)
            listener->accept_waiting();
        listeners_.clear();
        stop_if_drained();
    });
}

void Worker::report(std::shared_ptr<std::latch> done) {
    loop_.post([done = std::move(done)] { done->count_down(); });
}

// ---- connections

void Worker::accepted(net::Socket socket, std::shared_ptr<Entrance const> entrance) {
    auto stream = std::make_unique<net::ByteStream>(loop_, std::move(socket), nullptr, tls::By::downstream);
    if (entrance->tls_listener) {
        auto target = entrance->by_sni ? std::nullopt : entrance->mapped;
        return add_gate(std::move(stream), std::move(entrance), std::move(target));
    }
    if (entrance->mapped && snapshot_->rulebook().may_strike(policy::FaultPoint::connect))
        if (auto blow = blow_at_connect(*entrance, *entrance->mapped))
            return add_play(std::move(stream), {entrance, *entrance->mapped, nullptr}, *std::move(blow));
    detect(std::move(stream), std::move(entrance));
}

void Worker::detect(std::unique_ptr<net::ByteStream> stream, std::shared_ptr<Entrance const> entrance) {
    add(std::make_unique<Detection>(std::move(stream), entrance, *this), entrance);
}

void Worker::detected(Detection& detection, Protocol protocol, std::unique_ptr<net::ByteStream> stream) {
    auto entrance = remove(detection);
    bool const first_words = !entrance->tls; // within TLS there is neither TLS nor SOCKS
    if (protocol == Protocol::tls && first_words && !entrance->mapped)
        return add_gate(std::move(stream), std::move(entrance), std::nullopt);
    if (protocol == Protocol::http2) {
        auto connection = http2_connection(std::move(stream), *entrance, std::nullopt);
        return add(std::move(connection), std::move(entrance));
    }
    auto from = parts(std::move(stream), *entrance);
    if (protocol == Protocol::socks5 && first_words && !entrance->mapped)
        add(make_socks5_connection(std::move(from)), std::move(entrance));
    else
        add(http1::make_server_connection(std::move(from)), std::move(entrance));
}

void Worker::detection_ended(Detection& detection) {
    if (detection.silent_end()) refused_silently(*detection.entrance(), *detection.silent_end());
    remove(detection);
}

/// An app that has looked at the certificate only after its handshake (GnuTLS), and did not like it.
void Worker::refused_silently(Entrance const& entrance, tls::Failure failure) {
    if (!entrance.intercepted || !entrance.hello) return;
    bool const meant_to_fail = !entrance.injected_by.empty();
    if (!meant_to_fail) failure.detail += what_follows_distrust(entrance);
    record::ConnectionFailureRecord record;
    record.id = record::new_ulid();
    record.connection = record::new_ulid();
    record.time = std::chrono::system_clock::now();
    record.handshake = entrance.handshake;
    record.side = record::Side::downstream;
    record.target.host = entrance.intercepted->host;
    record.target.port = entrance.intercepted->port;
    record.failure = std::move(failure);
    record.injected_by = entrance.injected_by;
    sink_.take(record);
}

std::string Worker::what_follows_distrust(Entrance const& entrance) {
    auto words = "; make the app trust alert40's authority: " +
                 record::ways_to_trust_authority(entrance.hello->looks_like);
    auto const decision = decide(*entrance.intercepted, entrance, &entrance.hello->offered);
    if (!decision.watch_if_untrusted) return words;
    interceptor_.distrust(entrance.intercepted->host, *decision.watch_if_untrusted);
    return words + "; watched from now on for " + policy::duration_text(*decision.watch_if_untrusted);
}

void Worker::closed(Downstream& connection) {
    remove(connection);
}

void Worker::upgrade(Downstream& connection, std::unique_ptr<net::ByteStream> stream, Http2Upgrade upgrade) {
    auto entrance = remove(connection);
    auto made = http2_connection(std::move(stream), *entrance, std::move(upgrade));
    add(std::move(made), std::move(entrance));
}

DownstreamParts Worker::parts(std::unique_ptr<net::ByteStream> stream, Entrance const& entrance) {
    return {std::move(stream), switchboard_, entrance, *this};
}

std::unique_ptr<Downstream> Worker::http2_connection(std::unique_ptr<net::ByteStream> stream,
                                                     Entrance const& entrance,
                                                     std::optional<Http2Upgrade> upgrade) {
    auto from = parts(std::move(stream), entrance);
    if (snapshot_->rulebook().may_strike(policy::FaultPoint::preface)) from.http2 = http2_flaws(entrance);
    return http2::make_server_connection(std::move(from), std::move(upgrade));
}

// ---- tunnels and what becomes of them

void Worker::intercept(Downstream& connection, std::unique_ptr<net::ByteStream> stream,
                       policy::Origin const& target) {
    add_gate(std::move(stream), remove(connection), target);
}

void Worker::intercept(net::Socket socket, Entrance const& entrance, policy::Origin const& target) {
    auto stream = std::make_unique<net::ByteStream>(loop_, std::move(socket), nullptr, tls::By::downstream);
    add_gate(std::move(stream), std::make_shared<Entrance const>(entrance), target);
}

void Worker::add_gate(std::unique_ptr<net::ByteStream> stream, std::shared_ptr<Entrance const> entrance,
                      std::optional<policy::Origin> target) {
    if (target && !entrance->suffered)
        if (auto blow = blow_at_connect(*entrance, *target))
            return add_play(std::move(stream), {std::move(entrance), *target, nullptr}, *std::move(blow));
    auto gate = std::make_unique<TlsGate>(std::move(stream), entrance, std::move(target), interceptor_, sink_,
                                          static_cast<TlsGate::Host&>(*this));
    add(std::move(gate), std::move(entrance));
}

void Worker::gate_closed(TlsGate& gate, std::unique_ptr<net::ByteStream> stream) {
    auto entrance = remove(gate);
    add(std::make_unique<LastWords>(std::move(stream), *this), std::move(entrance));
}

policy::Decision Worker::decide(policy::Origin const& target, Entrance const& entrance,
                                tls::Offered const* hello) {
    return snapshot_->rulebook().decide(target, entrance.listener, policy::Clock::now(), hello);
}

void Worker::pass(TlsGate& gate, std::unique_ptr<net::ByteStream> stream, policy::Origin const& target,
                  std::shared_ptr<AppHello const> hello) {
    auto within = *remove(gate);
    within.watched = true;
    within.hello = std::move(hello);
    auto const entrance = std::make_shared<Entrance const>(std::move(within));
    add(make_pass_connection(parts(std::move(stream), *entrance), target), entrance);
}

// ---- failures on purpose

std::optional<Blow> Worker::blow_at_connect(Entrance const& entrance, policy::Origin const& target) {
    return faults_.strike(decide(target, entrance, nullptr), {.at = policy::FaultPoint::connect});
}

std::optional<Blow> Worker::blow(policy::Decision const& decision, Moment const& moment) {
    return faults_.strike(decision, moment);
}

/// Where requests name their origins one by one, a connection is nobody's: it is left alone.
Http2Flaws Worker::http2_flaws(Entrance const& entrance) {
    auto const& target = entrance.intercepted ? entrance.intercepted : entrance.mapped;
    if (!target) return {};
    auto const* const hello = entrance.hello ? &entrance.hello->offered : nullptr;
    auto const blow =
        faults_.strike(decide(*target, entrance, hello), {.at = policy::FaultPoint::preface, .hello = hello});
    if (!blow) return {};
    sink_.take(injected_failure(entrance, *target, blow->rule, tls::FailureKind::h2, words_of(*blow)));
    return http2_flaws_of(*blow);
}

void Worker::struck(TlsGate& gate, std::unique_ptr<net::ByteStream> stream, policy::Origin const& target,
                    std::shared_ptr<AppHello const> hello, Blow blow) {
    add_play(std::move(stream), {remove(gate), target, std::move(hello)}, std::move(blow));
}

void Worker::add_play(std::unique_ptr<net::ByteStream> stream, FaultPlay::Victim victim, Blow blow) {
    auto within = *victim.entrance;
    within.suffered = blow.at;
    victim.entrance = std::make_shared<Entrance const>(std::move(within));
    auto entrance = victim.entrance;
    add(std::make_unique<FaultPlay>(std::move(stream), std::move(victim), std::move(blow), sink_,
                                    static_cast<FaultPlay::Host&>(*this)),
        std::move(entrance));
}

void Worker::play_over(FaultPlay& play, std::unique_ptr<net::ByteStream> stream,
                       policy::Origin const& target) {
    auto entrance = remove(play);
    bool const decrypted = entrance->suffered == policy::FaultPoint::finished;
    if (decrypted || entrance->is_plain()) return detect(std::move(stream), std::move(entrance));
    add_gate(std::move(stream), std::move(entrance), target);
}

void Worker::opened(TlsGate& gate, std::unique_ptr<net::ByteStream> stream,
                    std::optional<policy::Origin> target, std::shared_ptr<AppHello const> hello,
                    std::optional<Blow> blow) {
    auto within = *remove(gate);
    within.tls = true;
    within.address = gate.address();
    within.handshake = gate.record_id();
    within.injected_by = gate.injected_by();
    if (target) {
        within.credentials.clear(); // shown with the CONNECT
        within.hello = hello;       // to an HTTPS proxy it says nothing of what comes inside
    }
    within.intercepted = target;
    auto entrance = std::make_shared<Entrance const>(std::move(within));
    if (blow && target)
        return add_play(std::move(stream), {std::move(entrance), *target, std::move(hello)},
                        *std::move(blow));
    detect(std::move(stream), std::move(entrance));
}

void Worker::add(std::unique_ptr<Downstream> connection, std::shared_ptr<Entrance const> entrance) {
    connection->place = guests_.size();
    guests_.push_back(std::make_unique<Guest>(Guest{std::move(entrance), std::move(connection)}));
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
    std::erase_if(closed_, [&](Closed const& closed) {
        bool const over = now - closed.since >= net::EventLoop::tick;
        if (over) drain_guests_of(*closed.entrance);
        return over;
    });
    if (!draining_since_) return;
    if (now - *draining_since_ >= net::EventLoop::tick) drain_guests();
    if (now - *draining_since_ >= limits::drain_time) loop_.stop();
}

void Worker::drain_guests() {
    for (auto i = guests_.size(); i-- > 0;)
        if (i < guests_.size()) guests_[i]->connection->drain();
}

void Worker::drain_guests_of(Entrance const& entrance) {
    for (auto i = guests_.size(); i-- > 0;)
        if (i < guests_.size() && guests_[i]->entrance.get() == &entrance) guests_[i]->connection->drain();
}

/// What an upgrade or a detection replaces is added again right away: so only the end of the turn can tell.
void Worker::stop_if_drained() {
    if (!draining_since_) return;
    loop_.post([this] {
        if (guests_.empty()) loop_.stop();
    });
}

} // namespace alert40::proxy
