#include "proxy/proxy.hpp"

#include "proxy/fault/fault_book.hpp"
#include "proxy/intercept/interceptor.hpp"
#include "proxy/listener.hpp"
#include "proxy/upstream/ladder_news.hpp"
#include "proxy/upstream/ladder_registry.hpp"
#include "proxy/upstream/snapshot.hpp"
#include "proxy/worker.hpp"

#include <algorithm>
#include <cstddef>
#include <latch>
#include <thread>
#include <utility>

namespace alert40::proxy {
namespace {

/// One address to listen on, and what it stands for.
struct Door {
    policy::Endpoint endpoint;                ///< as written in the policy
    std::shared_ptr<Entrance const> entrance; ///< shared with the workers and their connections
    policy::Endpoint bound;                   ///< with the port that was taken
    std::vector<net::Socket> sockets;         ///< one a worker, until they are handed over

    std::string text() const {
        if (!entrance->mapped) return bound.text();
        policy::Map const map{{}, *entrance->mapped, entrance->tls_listener, entrance->by_sni};
        return bound.text() + " -> " + map.target() + (map.tls && !map.sni ? " (TLS)" : "");
    }
};

Door door_of(policy::Endpoint const& endpoint, Entrance entrance) {
    entrance.listener = endpoint.text();
    return {endpoint, std::make_shared<Entrance const>(std::move(entrance)), {}, {}};
}

Door proxy_door(policy::Endpoint const& endpoint, std::vector<std::string> const& credentials) {
    Entrance entrance;
    entrance.credentials = credentials;
    return door_of(endpoint, std::move(entrance));
}

Door mapped_door(policy::Map const& map) {
    Entrance entrance;
    entrance.mapped = map.to;
    entrance.by_sni = map.sni;
    entrance.tls_listener = map.tls || map.sni;
    return door_of(map.listen, std::move(entrance));
}

tls::ca::Files authority_files(policy::Policy const& policy, tls::ca::Files const& otherwise) {
    return policy.authority ? tls::ca::Files{policy.authority->cert, policy.authority->key, true} : otherwise;
}

std::vector<Door> doors_of(policy::Policy const& policy) {
    std::vector<Door> doors;
    for (auto const& endpoint : policy.listen.proxy)
        doors.push_back(proxy_door(endpoint, policy.listen.credentials));
    for (auto const& map : policy.maps)
        doors.push_back(mapped_door(map));
    if (doors.empty())
        throw StartError("nothing to listen on: the policy has no `proxy` address and no [[map]]");
    return doors;
}

bool same_door(Door const& a, Door const& b) {
    return a.endpoint == b.endpoint && a.entrance->mapped == b.entrance->mapped &&
           a.entrance->by_sni == b.entrance->by_sni && a.entrance->tls_listener == b.entrance->tls_listener &&
           a.entrance->credentials == b.entrance->credentials;
}

unsigned threads_of(policy::Policy const& policy) {
    if (policy.listen.threads > 0) return policy.listen.threads;
    return std::clamp(std::thread::hardware_concurrency(), 1u, 4u);
}

} // namespace

struct Proxy::State {
    State(record::Sink& to, policy::Policy const& policy, tls::ca::Files authority)
        : sink(to)
        , own_authority(std::move(authority))
        , interceptor(authority_files(policy, own_authority)) {}

    record::Sink& sink;
    tls::ca::Files own_authority; ///< where the policy names none
    Interceptor interceptor;
    FaultBook faults;
    LadderRegistry registry;
    std::vector<Door> doors;
    std::shared_ptr<Snapshot const> snapshot; ///< shared with the workers
    std::vector<std::unique_ptr<Worker>> workers;

    /// `exclusive`: no socket of ours has the address already.
    void open(Door& door, bool exclusive) const {
        door.bound = door.endpoint;
        for (std::size_t i = 0; i < workers.size(); ++i) {
            door.sockets.push_back(open_listener(door.bound, exclusive && i == 0));
            door.bound = bound_to(door.sockets.back());
        }
    }

    void hand_over(Door& door) {
        auto entrance = *door.entrance;
        entrance.bound = door.bound.text();
        door.entrance = std::make_shared<Entrance const>(std::move(entrance));
        for (std::size_t i = 0; i < workers.size(); ++i)
            workers[i]->listen(std::move(door.sockets[i]), door.entrance);
        door.sockets.clear();
    }

    std::shared_ptr<Snapshot const> snapshot_of(std::shared_ptr<policy::Rulebook const> rulebook,
                                                std::vector<Door> const& open_doors) const {
        std::vector<policy::Endpoint> listeners;
        for (auto const& door : open_doors)
            listeners.push_back(door.bound);
        auto made = Snapshot::make(std::move(rulebook), std::move(listeners), snapshot.get());
        if (!made) throw StartError(made.error());
        return *std::move(made);
    }
};

Proxy::Proxy(std::shared_ptr<policy::Rulebook const> rulebook, record::Sink& sink, tls::ca::Files authority,
             Diagnostician* diagnostician)
    : state_(new State(sink, rulebook->policy(), std::move(authority))) {
    auto const& policy = rulebook->policy();
    state_->doors = doors_of(policy);
    state_->workers.resize(threads_of(policy));
    for (auto& door : state_->doors)
        state_->open(door, true);
    state_->snapshot = state_->snapshot_of(std::move(rulebook), state_->doors);
    for (auto& worker : state_->workers)
        worker = std::make_unique<Worker>(state_->snapshot, state_->registry, state_->interceptor,
                                          state_->faults, state_->sink, diagnostician);
    for (auto& door : state_->doors)
        state_->hand_over(door);
    for (auto& worker : state_->workers)
        worker->start();
}

Proxy::~Proxy() {
    if (!state_) return;
    for (auto& worker : state_->workers)
        worker->stop();
    for (auto& worker : state_->workers)
        worker->join();
    state_->registry.close();
}

std::vector<std::string> Proxy::listening() const {
    std::vector<std::string> texts;
    for (auto const& door : state_->doors)
        texts.push_back(door.text());
    return texts;
}

void Proxy::apply(std::shared_ptr<policy::Rulebook const> rulebook) {
    auto wanted = doors_of(rulebook->policy());
    for (auto& door : wanted) {
        auto const& open = state_->doors;
        auto const known =
            std::find_if(open.begin(), open.end(), [&](Door const& each) { return same_door(each, door); });
        if (known != open.end()) {
            door.bound = known->bound;
            door.entrance = known->entrance;
            continue;
        }
        // an address that now stands for something else, or 0.0.0.0 over 127.0.0.1: the old sockets are still
        // open, and share the port
        bool const ours = std::any_of(open.begin(), open.end(), [&](Door const& each) {
            return each.bound.port == door.endpoint.port;
        });
        state_->open(door, !ours);
    }
    auto snapshot = state_->snapshot_of(std::move(rulebook), wanted);

    for (auto const& door : state_->doors) {
        bool const stays = std::any_of(wanted.begin(), wanted.end(),
                                       [&door](Door const& each) { return same_door(each, door); });
        if (!stays)
            for (auto& worker : state_->workers)
                worker->stop_listening(door.entrance);
    }
    state_->interceptor.use(authority_files(snapshot->rulebook().policy(), state_->own_authority));
    state_->snapshot = std::move(snapshot);
    for (auto& worker : state_->workers)
        worker->use(state_->snapshot);
    for (auto& door : wanted)
        if (!door.sockets.empty()) state_->hand_over(door);
    state_->doors = std::move(wanted);

    auto const in_force = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(state_->workers.size()));
    for (auto& worker : state_->workers)
        worker->report(in_force);
    in_force->wait();
}

void Proxy::drain() {
    for (auto& worker : state_->workers)
        worker->drain();
    for (auto& worker : state_->workers)
        worker->join();
}

std::vector<policy::LadderMemory::Entry> Proxy::learned() const {
    return state_->registry.list();
}

std::size_t Proxy::forget(std::string const& host) {
    auto const gone = state_->registry.forget_host(host);
    for (auto const& entry : gone)
        state_->sink.take(news(record::LadderEvent::forgotten, entry));
    return gone.size();
}

} // namespace alert40::proxy
