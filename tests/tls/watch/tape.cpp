#include "tls/watch/tape.hpp"

#include "support/catch.hpp"
#include "tls/engine/digest.hpp"
#include "tls/engine/summarize_der.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>

namespace alert40::test {

using tls::watch::HandshakeWatch;

Issued const& issued() {
    static Issued const made;
    return made;
}

TappedClient::TappedClient(Configure const& configure)
    : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    static constexpr std::array<unsigned char, 12> alpn = {2,   'h', '2', 8,   'h', 't',
                                                           't', 'p', '/', '1', '.', '1'};
    auto* const context = context_.get();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_alpn_protos(context, alpn.data(), alpn.size());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), issued().authority.certificate.get());
    if (configure) configure(context);
}

TappedConversation::TappedConversation(TappedClient const& client, TlsServer const& server)
    : ssl_(SSL_new(client.context()), SSL_free)
    , server_(server) {
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_tlsext_host_name(ssl_.get(), "origin.test");
    SSL_set_connect_state(ssl_.get());
}

TappedConversation& TappedConversation::run() {
    std::array<char, 16384> buffer{};
    for (;;) {
        std::size_t n = 0;
        SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &n); // drives the handshake, too
        ERR_clear_error();
        auto* const out = SSL_get_wbio(ssl_.get());
        Bytes sent(BIO_ctrl_pending(out));
        BIO_read(out, sent.data(), static_cast<int>(sent.size()));
        if (!sent.empty()) {
            tape_.push_back(client_sends(sent));
            server_.feed(sent);
        }
        auto answer = server_.take_output();
        if (sent.empty() && answer.empty()) return *this;
        if (answer.empty()) continue;
        BIO_write(SSL_get_rbio(ssl_.get()), answer.data(), static_cast<int>(answer.size()));
        tape_.push_back(server_sends(std::move(answer)));
    }
}

TappedConversation& TappedConversation::client_writes(std::string_view text) {
    std::size_t n = 0;
    REQUIRE(SSL_write_ex(ssl_.get(), text.data(), text.size(), &n) == 1);
    return run();
}

TappedConversation& TappedConversation::client_writes_early(std::string_view text) {
    std::size_t n = 0;
    REQUIRE(SSL_write_early_data(ssl_.get(), text.data(), text.size(), &n) == 1);
    return *this;
}

TappedConversation& TappedConversation::server_writes(std::string_view text) {
    server_.write(text);
    return run();
}

TappedConversation& TappedConversation::client_closes() {
    SSL_shutdown(ssl_.get());
    return run();
}

std::shared_ptr<SSL_SESSION> TappedConversation::session() {
    return {SSL_get1_session(ssl_.get()), SSL_SESSION_free};
}

TappedConversation& TappedConversation::resume(SSL_SESSION* session) {
    REQUIRE(SSL_set_session(ssl_.get(), session) == 1);
    return *this;
}

Tape operator+(Tape tape, Piece piece) {
    tape.push_back(std::move(piece));
    return tape;
}

Piece client_sends(Bytes bytes) {
    return {true, std::move(bytes)};
}

Piece server_sends(Bytes bytes) {
    return {false, std::move(bytes)};
}

tls::watch::Tools tools() {
    return {.digests = {tls::engine::md5_hex, tls::engine::sha256_hex},
            .summarize = tls::engine::summarize_der};
}

HandshakeWatch played(Tape const& tape, std::size_t piece) {
    HandshakeWatch watch(tools());
    for (auto const& [from_client, bytes] : tape)
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            auto const part = std::span(bytes).subspan(at, std::min(piece, bytes.size() - at));
            Bytes const passing(part.begin(), part.end()); // gone after the call
            from_client ? watch.client_sent(passing) : watch.server_sent(passing);
        }
    return watch;
}

HandshakeWatch watched(Tape const& tape) {
    auto watch = played(tape);
    for (std::size_t const piece : {1u, 7u, 1000u}) {
        CAPTURE(piece);
        auto const other = played(tape, piece);
        CHECK(other.stage() == watch.stage());
        CHECK(other.done() == watch.done());
        CHECK(other.phase() == watch.phase());
        CHECK((other.handshake() == watch.handshake()));
        CHECK(std::ranges::equal(other.hello_bytes(), watch.hello_bytes()));
    }
    return watch;
}

Bytes sent_by(bool client, Tape const& tape) {
    Bytes all;
    for (auto const& piece : tape)
        if (piece.from_client == client) all.insert(all.end(), piece.bytes.begin(), piece.bytes.end());
    return all;
}

} // namespace alert40::test
