#include "net/path.hpp"

#include "net/duration_text.hpp"
#include "net/environment_proxy.hpp"
#include "net/own_listener.hpp"

#include <cstdlib>
#include <utility>

namespace alert40::net {

using policy::Via;
using tls::FailureKind;
using tls::Phase;

namespace {

EnvironmentProxy const& environment_of_process() {
    static EnvironmentProxy const environment =
        EnvironmentProxy::read([](char const* name) -> char const* { return std::getenv(name); });
    return environment;
}

} // namespace

Path::Path(EventLoop& loop, Resolver& resolver, DialRequest const& request, Clock::time_point started,
           DialReport& report)
    : loop_(loop)
    , resolver_(resolver)
    , request_(request)
    , report_(report)
    , started_(started)
    , host_(request.origin.host)
    , port_(request.origin.port) {
    if (!request.address) return;
    if (!request.address->host.empty()) host_ = request.address->host;
    if (request.address->port) port_ = request.address->port;
}

void Path::start(Done done) {
    done_ = std::move(done);
    if (auto failure = choose()) return finish(std::move(*failure));
    proxy_ ? find_proxy() : find_origin();
}

void Path::cancel() {
    done_ = {};
    query_.reset();
    if (race_) race_->cancel();
    if (tunnel_) tunnel_->cancel();
    socket_ = Socket{};
}

/// Direct, or through which proxy.
std::optional<tls::Failure> Path::choose() {
    Via via = request_.via;
    if (via.kind == Via::Kind::environment) {
        auto const& environment = request_.environment ? *request_.environment : environment_of_process();
        auto const chosen = environment.for_origin(request_.origin, host_);
        if (!chosen) {
            report_.via = "environment";
            return tls::Failure{tls::By::local, Phase::proxy_connect, FailureKind::library, std::nullopt,
                                chosen.error()};
        }
        via = *chosen;
        proxy_of_environment_ = true;
    }
    report_.via = via.text();
    if (via.is_proxy()) proxy_ = std::move(via);
    return std::nullopt;
}

void Path::find_origin() {
    bool const pinned = request_.address && !request_.address->host.empty();
    bool const literal = IpEndpoint::parse(host_, port_).has_value();
    if (report_.resolver.empty()) // otherwise it was looked up for a proxy's sake
        report_.resolver = !literal ? request_.resolver.text() : pinned ? "pinned" : "literal";
    look_up(request_.resolver, host_, [this](Addresses const& found) { connect(found, port_); });
}

/// The proxy looks the origin up by itself, unless a rule names the server to ask, or its URL says otherwise.
void Path::find_proxy() {
    auto const find = [this] {
        look_up({}, proxy_->host, [this](Addresses const& found) { connect(found, proxy_->port); });
    };
    bool const by_proxy = proxy_->resolves() && request_.resolver.kind == policy::Resolver::Kind::system;
    if (by_proxy || IpEndpoint::parse(host_, port_)) {
        report_.resolver = by_proxy ? "proxy" : "literal";
        return find();
    }
    report_.resolver = request_.resolver.text();
    look_up(request_.resolver, host_, [this, find](Addresses const& found) {
        host_ = found.front().address;
        find();
    });
}

/// An address is its own answer, at once.
void Path::look_up(policy::Resolver const& how, std::string host, std::function<void(Addresses)> then) {
    if (IpEndpoint::parse(host, 0)) return then({{std::move(host)}});
    looking_up_ = host + " (" + how.text() + ')';
    query_ = resolver_.resolve(how, std::move(host), [this, then = std::move(then)](Resolver::Answer answer) {
        looking_up_.clear();
        if (!answer) return finish(std::move(answer).error());
        then(std::move(*answer));
    });
}

void Path::connect(Addresses const& addresses, std::uint16_t port) {
    report_.resolve = elapsed();
    std::vector<IpEndpoint> endpoints;
    for (auto const& [address] : addresses) {
        auto endpoint = IpEndpoint::parse(address, port);
        if (!endpoint) continue;
        if (is_own_listener(*endpoint, request_.own_listeners)) return met_ourselves(*endpoint);
        endpoints.push_back(std::move(*endpoint));
    }
    run_race(std::move(endpoints));
}

/// A proxy of the environment that is us counts as none.
void Path::met_ourselves(IpEndpoint const& endpoint) {
    if (proxy_ && proxy_of_environment_) {
        proxy_.reset();
        report_.via = "direct";
        if (request_.resolver.kind == policy::Resolver::Kind::system) report_.resolver.clear();
        return find_origin();
    }
    tried(endpoint);
    report_.loop = true;
    finish(tls::Failure{tls::By::local, Phase::connect, FailureKind::refused, std::nullopt,
                        endpoint.text() +
                            " is a listener of this very proxy: the connection would go round in a loop"});
}

void Path::run_race(std::vector<IpEndpoint> endpoints) {
    race_ = std::make_unique<ConnectRace>(loop_, std::move(endpoints), [this](ConnectRace::Result result) {
        if (result) return connected(std::move(*result));
        tried(race_->last_tried());
        finish(blame_proxy(std::move(result).error()));
    });
    race_->start();
}

void Path::connected(ConnectRace::Connected connected) {
    report_.connect = elapsed();
    tried(connected.endpoint);
    if (!proxy_) return finish(std::move(connected.socket));
    socket_ = std::move(connected.socket);
    tunnel_.emplace(loop_, socket_.fd(), make_proxy_dialogue(*proxy_, host_, port_),
                    [this](std::optional<tls::Failure> failure) {
                        if (failure) return finish(std::move(*failure));
                        finish(std::move(socket_));
                    });
    tunnel_->start();
}

void Path::time_out(std::chrono::milliseconds after) {
    auto const within = " within " + duration_text(after);
    auto const timeout = [](Phase phase, std::string detail) {
        return tls::Failure{tls::By::upstream, phase, FailureKind::timeout, std::nullopt, std::move(detail)};
    };
    if (tunnel_) return finish(tunnel_->failure(FailureKind::timeout, "no answer to CONNECT" + within));
    if (!race_) return finish(timeout(Phase::resolve, looking_up_ + ": no answer" + within));
    tried(race_->last_tried());
    finish(blame_proxy(timeout(Phase::connect, race_->outcomes() + within)));
}

void Path::finish(boost::system::result<Socket, tls::Failure> result) {
    auto const done = std::exchange(done_, {});
    cancel();
    if (done) done(std::move(result));
}

void Path::tried(IpEndpoint const& endpoint) {
    report_.address = endpoint.address();
    report_.port = endpoint.port();
}

tls::Failure Path::blame_proxy(tls::Failure failure) const {
    if (proxy_) failure.detail = "proxy " + proxy_->text() + ": " + failure.detail;
    return failure;
}

std::chrono::microseconds Path::elapsed() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
}

} // namespace alert40::net
