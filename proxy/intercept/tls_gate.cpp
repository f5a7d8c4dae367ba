#include "proxy/intercept/tls_gate.hpp"

#include "net/segments.hpp"
#include "policy/host_name.hpp"
#include "policy/time_text.hpp"
#include "proxy/message/limits.hpp"
#include "proxy/tunnel/app_hello.hpp"
#include "record/ulid.hpp"
#include "text/hex.hpp"
#include "tls/wire/alert_message.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

namespace alert40::proxy {

using tls::FailureKind;
using tls::engine::Status;
using tls::watch::Stage;

namespace {

constexpr std::size_t most_of_a_hello = 128 * 1024; ///< with record headers; what wire/ accepts is less

/// The app's own address, as an IP literal; empty for a socket that has none.
std::string peer_address(int fd) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return {};
    auto const* const v4 = reinterpret_cast<sockaddr_in const*>(&peer);
    auto const* const v6 = reinterpret_cast<sockaddr_in6 const*>(&peer);
    bool const known = peer.ss_family == AF_INET || peer.ss_family == AF_INET6;
    auto const* const address =
        peer.ss_family == AF_INET ? static_cast<void const*>(&v4->sin_addr) : &v6->sin6_addr;
    return known && ::inet_ntop(peer.ss_family, address, text.data(), text.size()) ? text.data() : "";
}

/// Some suite of the app goes with a certificate of ECDSA: those of TLS 1.3 do with any.
bool takes_ecdsa(tls::Offered const& hello) {
    return std::ranges::any_of(hello.cipher_suites, [](std::string const& suite) {
        return suite.starts_with("TLS_AES_") || suite == "TLS_CHACHA20_POLY1305_SHA256" ||
               suite.find("_ECDSA_") != std::string::npos;
    });
}

/// RFC 8446 section 6.2: what a client sends that does not like the certificate, or its issuer.
bool about_certificate(tls::Failure const& failure) {
    if (!failure.alert || failure.alert->direction != tls::Direction::received) return false;
    switch (failure.alert->description) {
    case tls::AlertDescription::bad_certificate:
    case tls::AlertDescription::certificate_unknown:
    case tls::AlertDescription::unknown_ca: return true;
    default: return false;
    }
}

/// What our own side refused, it refused because it was told to.
tls::Failure as_injected(tls::Failure failure) {
    if (failure.by != tls::By::local) return failure;
    failure.by = tls::By::injected;
    if (failure.alert) failure.kind = FailureKind::alert;
    return failure;
}

/// Some clients say nothing and hang up once they have seen the certificate.
bool hung_up_at_certificate(tls::Failure const& failure) {
    bool const cut = failure.kind == FailureKind::eof || failure.kind == FailureKind::reset;
    return cut && failure.by == tls::By::downstream && failure.phase != tls::Phase::client_hello;
}

} // namespace

TlsGate::TlsGate(std::unique_ptr<net::ByteStream> stream, std::shared_ptr<Entrance const> entrance,
                 std::optional<policy::Origin> target, Interceptor& interceptor, record::Sink& sink,
                 Host& host)
    : loop_(stream->loop())
    , stream_(std::move(stream))
    , entrance_(std::move(entrance))
    , target_(std::move(target))
    , interceptor_(interceptor)
    , sink_(sink)
    , host_(host)
    , watch_(watch_tools())
    , deadline_(loop_)
    , since_(loop_.now())
    , segments_(net::data_segments_in(stream_->fd())) {
    if (segments_ && entrance_->tls_listener) segments_ = 0; // the first one may be here, or not
    record_.time = std::chrono::system_clock::now();
    stream_->start(*this);
}

TlsGate::~TlsGate() {
    if (handshake_) handshake_->cancel();
}

// ---- the ClientHello

void TlsGate::on_readable() {
    while (!over_ && stream_) {
        auto const space = seen_.prepare(bytes::smallest_block);
        auto const got = stream_->read(space);
        if (got.status == Status::ok) watch_.client_sent(space.first(got.bytes));
        seen_.commit(got.status == Status::ok ? got.bytes : 0);
        if (got.status == Status::want_input) return;
        if (got.status != Status::ok || seen_.size() > most_of_a_hello) return close();
        if (watch_.stage() != Stage::undecided || watch_.done()) return decide();
    }
}

void TlsGate::decide() {
    hello_ = app_hello(watch_);
    if (!hello_) {
        if (!target_ || entrance_->tls_listener) return close(); // nothing says where it should go
        return pass();
    }
    auto const& name = hello_->offered.server_name;
    auto const label = name.empty() ? std::nullopt : policy::to_a_label(name);
    if (entrance_->by_sni && !target_) {
        if (!label) return refuse(tls::AlertDescription::unrecognized_name);
        target_ = policy::Origin{"https", *label, entrance_->mapped->port};
    }
    if (!target_) return end_here(); // the app means us
    if (segments_) segments_ = net::data_segments_in(stream_->fd()).value_or(0) - *segments_;
    decide_about(stands_for_origin() ? *target_ : named_target(*target_, hello_.get()));
}

void TlsGate::decide_about(policy::Origin const& rule_target) {
    decision_ = host_.decide(rule_target, *entrance_, &hello_->offered);
    if (suffers()) return;
    put_on_disguise();
    if (disguise_.is_worn()) name_target(rule_target);
    if (disguise_.is_worn() || stands_for_origin()) return end_here();
    do_as_decided(rule_target);
}

/// A mapped listener whose apps know our address: their TLS ends here, whatever the mode.
bool TlsGate::stands_for_origin() const {
    return entrance_->tls_listener && !entrance_->by_sni;
}

Moment TlsGate::moment(policy::FaultPoint at) const {
    return {.at = at, .hello = &hello_->offered, .segments = segments_};
}

/// Its rule makes it fail on purpose; or not this time, or it had its share already.
bool TlsGate::suffers() {
    if (entrance_->suffered == policy::FaultPoint::client_hello) return false;
    auto blow = host_.blow(decision_, moment(policy::FaultPoint::client_hello));
    if (!blow) return false;
    over_ = true;
    stream_->push_back(seen_.data());
    host_.struck(*this, std::move(stream_), *target_, hello_, *std::move(blow));
    return true;
}

/// Its rule makes it meet another server than it should.
void TlsGate::put_on_disguise() {
    using enum policy::FaultPoint;
    for (auto const point : {server_hello, certificate, finished})
        if (auto blow = host_.blow(decision_, moment(point))) disguise_.put_on(*std::move(blow));
    record_.injected_by = disguise_.rule;
    record_.notes = disguise_.notes;
}

/// What is asked for inside may fail on purpose: that takes interception.
bool TlsGate::fails_within() const {
    using enum policy::FaultPoint;
    constexpr auto as = policy::FaultRole::origin;
    return decision_.has_fault(as, preface) || decision_.has_fault(as, request) ||
           decision_.has_fault(as, response);
}

void TlsGate::do_as_decided(policy::Origin const& rule_target) {
    rule_host_ = rule_target.host;
    switch (decision_.mode) {
    case policy::Mode::block: return refuse(tls::AlertDescription::access_denied);
    case policy::Mode::watch:
        if (!fails_within()) return pass();
        [[fallthrough]];
    case policy::Mode::intercept:
        if (interceptor_.distrusted(rule_target.host)) return pass();
        name_target(rule_target);
        return end_here();
    }
}

/// An app that has resolved by itself still means the name: it is offered, checked and recorded, at that
/// address.
void TlsGate::name_target(policy::Origin const& named) {
    if (named.host != target_->host) address_ = std::exchange(target_->host, named.host);
}

/// Without a hello too: its app waits for the server's first word, or speaks no TLS.
void TlsGate::pass() {
    over_ = true;
    stream_->push_back(seen_.data());
    host_.pass(*this, std::move(stream_), *target_, hello_);
}

// ---- the handshake

/// What the app meets.
struct TlsGate::Server {
    std::shared_ptr<tls::engine::ServerContext const> context;
    tls::engine::ServerOptions options;
};

/// A leaf for the name, and a server that takes whatever the app offers; or what faults make of them.
boost::system::result<TlsGate::Server, std::string> TlsGate::server_for(std::string_view name) {
    Server server{interceptor_.context(), {nullptr, {"h2", "http/1.1"}}};
    if (disguise_.is_worn()) {
        auto made = tls::engine::ServerContext::make({}, disguise_.limits());
        if (!made) return made.error();
        server.context = *std::move(made);
        disguise_.change(server.options);
    }
    auto leaf = disguise_.flaw ? interceptor_.flawed_leaf_for(name, *disguise_.flaw)
                               : interceptor_.leaf_for(name, server.context->needs_rsa() ||
                                                                 !takes_ecdsa(hello_->offered));
    if (!leaf) return leaf.error();
    server.options.identity = *std::move(leaf);
    return server;
}

void TlsGate::end_here() {
    auto const& name = hello_->offered.server_name;
    auto const own_address = entrance_->bound.substr(0, entrance_->bound.rfind(':'));
    bool const by_our_address = !target_ || stands_for_origin();
    auto const wanted = !name.empty() ? name : by_our_address ? own_address : target_->host;
    auto server = server_for(policy::to_a_label(wanted).value_or(wanted));
    if (!server) {
        write_record(tls::Failure{tls::By::local, tls::Phase::client_hello, FailureKind::library,
                                  std::nullopt, server.error()});
        return refuse(tls::AlertDescription::internal_error);
    }
    tls_ = tls::engine::Connection::make_server(server->context, std::move(server->options));
    record_.target.address = peer_address(stream_->fd());
    socket_ = stream_->release(seen_);
    loop_.destroy_later(std::move(stream_));
    tls_->feed(seen_.data());
    tls_->keep_input();
    seen_.clear();
    deadline_.arm(limits::request_head_time, [this] { handshake_->time_out(limits::request_head_time); });
    handshake_.emplace(loop_, socket_.fd(), *tls_, disguise_.segments(),
                       [this](std::optional<tls::Failure> failure) { handshake_over(std::move(failure)); });
    handshake_->start();
}

void TlsGate::handshake_over(std::optional<tls::Failure> failure) {
    deadline_.disarm();
    if (failure && disguise_.is_worn()) failure = as_injected(*std::move(failure));
    if (failure) note_distrust(*failure);
    write_record(failure);
    over_ = true;
    if (failure)
        return host_.gate_closed(*this, std::make_unique<net::ByteStream>(loop_, std::move(socket_), nullptr,
                                                                          tls::By::downstream));
    tls_->forget_handshake();
    auto stream =
        std::make_unique<net::ByteStream>(loop_, std::move(socket_), std::move(tls_), tls::By::downstream);
    host_.opened(*this, std::move(stream), target_, hello_, std::move(disguise_.afterwards));
}

void TlsGate::note_distrust(tls::Failure const& failure) {
    bool const distrusts = about_certificate(failure) || hung_up_at_certificate(failure);
    if (!distrusts || rule_host_.empty() || !decision_.watch_if_untrusted) return;
    auto const time = *decision_.watch_if_untrusted;
    interceptor_.distrust(rule_host_, time);
    record_.notes.push_back("watched from now on for " + policy::duration_text(time));
}

void TlsGate::write_record(std::optional<tls::Failure> failure) {
    record_.id = record::new_ulid();
    record_.connection = record::new_ulid();
    record_.side = record::Side::downstream;
    record_.mode = target_ ? "intercept" : "";
    record_.listener = entrance_->bound;
    record_.rules = decision_.rules;
    record_.client = hello_->looks_like;
    auto const own = policy::parse_host_port(entrance_->bound).value_or(policy::HostPort{});
    record_.target.host = target_ ? target_->host : own.host;
    record_.target.port = target_ ? target_->port : own.port.value_or(std::uint16_t{0});
    if (tls_) record_.handshake = tls_->handshake();
    if (!record_.handshake.offered) record_.handshake.offered = hello_->offered;
    if (failure && tls_) record_.client_hello = text::hex(tls_->hello_bytes());
    record_.outcome = failure ? record::Outcome::failed : record::Outcome::established;
    record_.failure = std::move(failure);
    record_.timing.total =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - since_);
    sink_.take(record_);
}

// ---- ends

void TlsGate::refuse(tls::AlertDescription alert) {
    over_ = true;
    stream_->output().append(tls::wire::fatal_alert_record(alert));
    host_.gate_closed(*this, std::move(stream_));
}

void TlsGate::close() {
    if (std::exchange(over_, true)) return;
    host_.gate_closed(*this);
}

void TlsGate::on_tick(std::chrono::steady_clock::time_point now) {
    if (handshake_ || over_) return;
    bool const may_be_no_tls = target_ && !entrance_->tls_listener;
    if (may_be_no_tls && seen_.empty() && now - since_ >= limits::hello_time) return pass();
    if (now - since_ >= limits::request_head_time) close();
}

} // namespace alert40::proxy
