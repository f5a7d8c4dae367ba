#include "tls/engine/connection_state.hpp"

#include "tls/engine/refusal.hpp"

#include <openssl/err.h>

#include <new>

namespace alert40::tls::engine {

Connection::State::State(SSL_CTX* shared, End which)
    : ssl(SSL_new(shared))
    , handshaking(std::make_unique<Handshaking>(which))
    , end(which) {
    if (!ssl) throw std::bad_alloc{};
    auto* const bio = make_memory_bio(io).release();
    SSL_set_bio(ssl.get(), bio, bio);
    attach(ssl.get(), *this);
    end == End::client ? SSL_set_connect_state(ssl.get()) : SSL_set_accept_state(ssl.get());
}

/// OpenSSL spoils the session of a connection that is freed without close_notify. Only one that was refused
/// deserves it (RFC 5246 section 7.2.2).
Connection::State::~State() {
    if (!failure || failure->kind == FailureKind::eof)
        SSL_set_shutdown(ssl.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

void Connection::State::fail(Failure why) {
    about_to_fail();
    failure = std::make_unique<Failure>(std::move(why));
    progress = Progress::failed;
}

void Connection::State::fail_locally(std::string detail) {
    fail({By::local, phase(), FailureKind::library, std::nullopt, std::move(detail)});
}

void Connection::State::fail_as_peer(FailureKind kind, std::string detail) {
    fail({peer_of(end), phase(), kind, std::nullopt, std::move(detail)});
}

void Connection::State::fail_as_openssl_says(int ssl_error) {
    if (ssl_error == SSL_ERROR_ZERO_RETURN)
        return fail_as_peer(FailureKind::eof, "close_notify instead of an answer");
    auto why = refusal({end, phase(), last_alert, ERR_peek_error()});
    ERR_clear_error();
    explain(why);
    fail(std::move(why));
}

void Connection::State::on_handshake_message(Direction direction,
                                             std::span<std::uint8_t const> message) noexcept {
    if (handshaking && progress == Progress::handshaking) handshaking->transcript.add(direction, message);
}

void Connection::State::on_alert(Alert alert) noexcept {
    last_alert = alert;
    if (handshaking) handshaking->transcript.add(alert);
}

std::string_view Connection::State::alpn() const {
    unsigned char const* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl.get(), &name, &size);
    return {reinterpret_cast<char const*>(name), size};
}

Transfer Connection::State::transferred(std::size_t bytes) {
    has_read = true;
    return {Status::ok, bytes};
}

Transfer Connection::State::read_stopped(int ssl_error, std::size_t bytes) {
    if (bytes) has_read = true;
    if (ssl_error == SSL_ERROR_WANT_READ && end_of_input) {
        fail_as_peer(FailureKind::eof, "the stream ended without close_notify");
    } else if (ssl_error == SSL_ERROR_ZERO_RETURN) {
        return bytes ? transferred(bytes) : Transfer{Status::closed, 0};
    } else if (ssl_error != SSL_ERROR_WANT_READ) {
        fail_as_openssl_says(ssl_error);
    }
    if (bytes) return transferred(bytes); // what came before the failure; the next read reports it
    return {failure ? Status::failed : Status::want_input, 0};
}

} // namespace alert40::tls::engine
