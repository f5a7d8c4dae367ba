#include "tls/engine/connection.hpp"

#include "tls/engine/client_end.hpp"
#include "tls/engine/openssl_error.hpp"
#include "tls/engine/server_end.hpp"

namespace alert40::tls::engine {

std::unique_ptr<Connection> Connection::make_client(std::shared_ptr<ClientContext const> context,
                                                    ClientOptions options) {
    return std::unique_ptr<Connection>(
        new Connection(std::make_unique<ClientEnd>(std::move(context), std::move(options))));
}

std::unique_ptr<Connection> Connection::make_server(std::shared_ptr<ServerContext const> context,
                                                    ServerOptions options) {
    return std::unique_ptr<Connection>(
        new Connection(std::make_unique<ServerEnd>(std::move(context), std::move(options))));
}

Connection::Connection(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

Connection::~Connection() = default;

void Connection::feed(std::span<std::uint8_t const> from_peer) {
    auto& state = *state_;
    state.io.feed(from_peer);
    if (state.progress != Progress::handshaking) return;
    if (auto what = state.handshaking->start.look(from_peer))
        state.fail_as_peer(FailureKind::not_tls, std::move(*what));
}

void Connection::keep_input() {
    state_->io.keep();
}

bool Connection::has_buffered_input() const {
    return state_->io.has_input() || SSL_pending(state_->ssl.get()) > 0;
}

void Connection::feed_eof() {
    state_->end_of_input = true;
}

bytes::ByteQueue& Connection::output() {
    return state_->io.output();
}

Progress Connection::advance() {
    auto& state = *state_;
    if (state.progress != Progress::handshaking) return state.progress;
    drop_openssl_errors();
    auto const result = SSL_do_handshake(state.ssl.get());
    auto const error = SSL_get_error(state.ssl.get(), result);
    state.after_step();
    if (state.failure) return state.progress;
    if (result == 1)
        state.establish();
    else if (error != SSL_ERROR_WANT_READ)
        state.fail_as_openssl_says(error);
    else if (state.end_of_input)
        state.fail_as_peer(FailureKind::eof, "the stream ended in the handshake");
    return state.progress;
}

Phase Connection::phase() const {
    return state_->phase();
}

tls::Failure const& Connection::failure() const {
    return *state_->failure;
}

Transfer Connection::read(std::span<std::uint8_t> into) {
    auto& state = *state_;
    if (state.progress != Progress::established)
        return {state.failure ? Status::failed : Status::want_input, 0};
    std::size_t total = 0;
    while (total < into.size()) {
        if (!has_buffered_input() && (total || !state.ended())) break; // OpenSSL would say the same at length
        drop_openssl_errors();
        std::size_t n = 0;
        auto const result = SSL_read_ex(state.ssl.get(), into.data() + total, into.size() - total, &n);
        if (result != 1) return state.read_stopped(SSL_get_error(state.ssl.get(), result), total);
        total += n;
    }
    return total ? state.transferred(total) : Transfer{Status::want_input, 0};
}

Transfer Connection::write(std::span<std::uint8_t const> from) {
    auto& state = *state_;
    if (state.progress != Progress::established)
        return {state.failure ? Status::failed : Status::want_input, 0};
    if (from.empty() || state.said_last) return {Status::ok, from.size()};
    constexpr std::size_t record_size = 16 * 1024,
                          record_overhead = 5 + 8 + 16 + 48 + 16; // the worst of all versions
    state.io.output().prepare(from.size() + (from.size() / record_size + 1) * record_overhead);
    drop_openssl_errors();
    std::size_t n = 0;
    auto const result = SSL_write_ex(state.ssl.get(), from.data(), from.size(), &n);
    if (result == 1) return {Status::ok, n};
    state.fail_as_openssl_says(SSL_get_error(state.ssl.get(), result));
    return {Status::failed, 0};
}

void Connection::close() {
    if (state_->progress != Progress::established || state_->said_last) return;
    drop_openssl_errors();
    SSL_shutdown(state_->ssl.get());
    drop_openssl_errors();
}

bool Connection::send_last_alert(AlertLevel level, AlertDescription description) {
    return state_->progress == Progress::established &&
           state_->send_last_alert({level, description, Direction::sent});
}

std::string_view Connection::alpn() const {
    return state_->alpn();
}

Handshake const& Connection::handshake() const {
    static Handshake const forgotten;
    return state_->handshaking ? state_->handshaking->transcript.handshake() : forgotten;
}

std::span<std::uint8_t const> Connection::hello_bytes() const {
    if (!state_->handshaking) return {};
    return state_->handshaking->transcript.hello_bytes();
}

void Connection::hello_left_as(std::span<std::uint8_t const> flight) {
    if (state_->handshaking) state_->handshaking->transcript.hello_left_as(flight);
}

void Connection::forget_handshake() {
    if (state_->progress != Progress::handshaking) state_->forget_handshake();
}

} // namespace alert40::tls::engine
