#include "tls/watch/handshake_watch.hpp"

#include "tls/watch/reading.hpp"

namespace alert40::tls::watch {

struct HandshakeWatch::State {
    Reading reading;
};

HandshakeWatch::HandshakeWatch(Tools const& tools)
    : state_(new State{Reading(tools)}) {}

HandshakeWatch::~HandshakeWatch() = default;
HandshakeWatch::HandshakeWatch(HandshakeWatch&&) noexcept = default;
HandshakeWatch& HandshakeWatch::operator=(HandshakeWatch&&) noexcept = default;

void HandshakeWatch::client_sent(std::span<std::uint8_t const> bytes) {
    state_->reading.feed(Sender::client, bytes);
}

void HandshakeWatch::server_sent(std::span<std::uint8_t const> bytes) {
    state_->reading.feed(Sender::server, bytes);
}

Stage HandshakeWatch::stage() const {
    return state_->reading.course().stage;
}

bool HandshakeWatch::done() const {
    return state_->reading.done();
}

Handshake const& HandshakeWatch::handshake() const {
    return state_->reading.handshake();
}

Phase HandshakeWatch::phase() const {
    return state_->reading.course().phase;
}

std::optional<Failure> HandshakeWatch::failure() const {
    return state_->reading.failure();
}

std::optional<Failure> HandshakeWatch::ended(By who, FailureKind kind) const {
    return state_->reading.ended(who, kind);
}

std::span<std::uint8_t const> HandshakeWatch::hello_bytes() const {
    return state_->reading.hello_bytes();
}

} // namespace alert40::tls::watch
