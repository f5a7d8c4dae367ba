#include "support/tls_server.hpp"

#include <openssl/err.h>

#include <array>
#include <stdexcept>

namespace alert40::test {
namespace {

int choose_alpn(SSL*, unsigned char const** chosen, unsigned char* size, unsigned char const* offered,
                unsigned length, void*) {
    static constexpr std::array<unsigned char, 12> known = {2,   'h', '2', 8,   'h', 't',
                                                            't', 'p', '/', '1', '.', '1'};
    unsigned char* found = nullptr;
    if (SSL_select_next_proto(&found, size, known.data(), known.size(), offered, length) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

} // namespace

TlsServer::TlsServer(Identity const& identity, Configure const& configure)
    : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free) {
    auto* const context = context_.get();
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_alpn_select_cb(context, choose_alpn, nullptr);
    static constexpr std::array<unsigned char, 4> id = {'t', 'e', 's', 't'};
    SSL_CTX_set_session_id_context(context, id.data(), id.size());
    if (SSL_CTX_use_certificate(context, identity.certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, identity.key.get()) != 1)
        throw std::runtime_error("the server refuses its identity");
    if (identity.issuer) SSL_CTX_add1_chain_cert(context, identity.issuer.get());
    if (configure) configure(context);
    ERR_clear_error();
}

ServerConnection::ServerConnection(TlsServer const& server)
    : ssl_(SSL_new(server.context()), SSL_free)
    , in_(BIO_new(BIO_s_mem()))
    , out_(BIO_new(BIO_s_mem())) {
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_accept_state(ssl_.get());
}

void ServerConnection::feed(std::span<std::uint8_t const> bytes) {
    BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
    ERR_clear_error();
    if (!established_) established_ = SSL_do_handshake(ssl_.get()) == 1;
    if (!established_) return ERR_clear_error();
    std::array<char, 16384> buffer{};
    std::size_t n = 0;
    while (SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &n) == 1)
        received_.append(buffer.data(), n);
    closed_ = (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    ERR_clear_error();
}

Bytes ServerConnection::take_output() {
    Bytes bytes(BIO_ctrl_pending(out_));
    BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
}

void ServerConnection::write(std::string_view text) {
    std::size_t n = 0;
    if (SSL_write_ex(ssl_.get(), text.data(), text.size(), &n) != 1)
        throw std::runtime_error("the server cannot write");
}

} // namespace alert40::test
