#include "support/tls_client.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>
#include <stdexcept>

namespace alert40::test {
namespace {

using Bytes = TlsClient::Bytes;

void require(bool done, char const* what) {
    if (!done) throw std::runtime_error(what);
}

/// "CLIENT_TRAFFIC_SECRET_0 <random> <secret>"
void keep_traffic_secret(SSL const* ssl, char const* line) {
    std::string_view const text = line;
    if (text.starts_with("CLIENT_TRAFFIC_SECRET_0 "))
        *static_cast<std::string*>(SSL_get_app_data(ssl)) = text.substr(text.rfind(' ') + 1);
}

/// HKDF-Expand-Label (RFC 8446 section 7.1) without a context.
Bytes expand(Bytes secret, std::string label, std::size_t size) {
    std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> const kdf(EVP_KDF_fetch(nullptr, "TLS13-KDF", nullptr),
                                                                EVP_KDF_free);
    std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> const context(EVP_KDF_CTX_new(kdf.get()),
                                                                            EVP_KDF_CTX_free);
    int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
    std::string digest = "SHA256", prefix = "tls13 ";
    std::array const parameters{
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PREFIX, prefix.data(), prefix.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_LABEL, label.data(), label.size()),
        OSSL_PARAM_construct_end(),
    };
    Bytes out(size);
    require(EVP_KDF_derive(context.get(), out.data(), out.size(), parameters.data()) == 1, "no key");
    return out;
}

} // namespace

TlsClient::TlsClient(std::function<void(SSL_CTX*)> const& configure)
    : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free)
    , ssl_(nullptr, SSL_free)
    , in_(BIO_new(BIO_s_mem()))
    , out_(BIO_new(BIO_s_mem())) {
    auto* const context = context_.get();
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256");
    SSL_CTX_set_keylog_callback(context, keep_traffic_secret);
    if (configure) configure(context);
    ssl_.reset(SSL_new(context));
    SSL_set_app_data(ssl_.get(), &traffic_secret_);
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_connect_state(ssl_.get());
}

Bytes TlsClient::step(std::span<std::uint8_t const> from_server) {
    BIO_write(in_, from_server.data(), static_cast<int>(from_server.size()));
    SSL_do_handshake(ssl_.get());
    ERR_clear_error();
    return take_output();
}

Bytes TlsClient::write(std::string_view text) {
    std::size_t n = 0;
    require(SSL_write_ex(ssl_.get(), text.data(), text.size(), &n) == 1, "the client cannot write");
    return take_output();
}

Bytes TlsClient::take_output() {
    Bytes bytes(BIO_ctrl_pending(out_));
    BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
}

Bytes TlsClient::first_alert(std::uint8_t description) const {
    long size = 0;
    std::unique_ptr<unsigned char, void (*)(unsigned char*)> const secret(
        OPENSSL_hexstr2buf(traffic_secret_.c_str(), &size), [](unsigned char* it) { OPENSSL_free(it); });
    require(secret != nullptr, "no traffic secret");
    Bytes const base(secret.get(), secret.get() + size);
    auto const key = expand(base, "key", 16);
    auto const iv = expand(base, "iv", 12); // the record's number is 0: the nonce is the IV itself

    std::array<std::uint8_t, 3> const alert{2, description, 21}; // level, description, content type
    Bytes record{23, 3, 3, 0, alert.size() + 16};
    std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> const cipher(EVP_CIPHER_CTX_new(),
                                                                                 EVP_CIPHER_CTX_free);
    int n = 0;
    std::array<std::uint8_t, 3> sealed{};
    std::array<std::uint8_t, 16> tag{};
    require(EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_gcm(), nullptr, key.data(), iv.data()) == 1 &&
                EVP_EncryptUpdate(cipher.get(), nullptr, &n, record.data(), 5) == 1 &&
                EVP_EncryptUpdate(cipher.get(), sealed.data(), &n, alert.data(), 3) == 1 &&
                EVP_EncryptFinal_ex(cipher.get(), nullptr, &n) == 1 &&
                EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, 16, tag.data()) == 1,
            "the alert cannot be sealed");
    record.insert(record.end(), sealed.begin(), sealed.end());
    record.insert(record.end(), tag.begin(), tag.end());
    return record;
}

} // namespace alert40::test
