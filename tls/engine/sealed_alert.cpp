#include "tls/engine/sealed_alert.hpp"

#include "tls/engine/lean_library.hpp"
#include "tls/engine/record_keys.hpp"
#include "tls/wire/record.hpp"

#include <openssl/core_names.h>

#include <array>
#include <string_view>

namespace alert40::tls::engine {
namespace {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<std::uint8_t const>;

Aead const* negotiated_aead(SSL const* ssl) {
    auto const* const suite = SSL_get_current_cipher(ssl);
    return aead_of(suite ? SSL_CIPHER_get_cipher_nid(suite) : NID_undef);
}

char const* digest_of(SSL const* ssl) {
    auto const* const digest = SSL_CIPHER_get_handshake_digest(SSL_get_current_cipher(ssl));
    return digest ? EVP_MD_get0_name(digest) : "SHA256";
}

/// RFC 5246 section 6.3: the server's part of the key block.
bool expand_master(SSL const* ssl, Aead const& aead, RecordKeys& keys) {
    std::array<std::uint8_t, SSL_MAX_MASTER_KEY_LENGTH> master{};
    std::array<std::uint8_t, SSL3_RANDOM_SIZE> client{}, server{};
    auto const size = SSL_SESSION_get_master_key(SSL_get0_session(ssl), master.data(), master.size());
    SSL_get_client_random(ssl, client.data(), client.size());
    SSL_get_server_random(ssl, server.data(), server.size());
    std::array const parameters = {
        text(OSSL_KDF_PARAM_DIGEST, digest_of(ssl)),
        octets(OSSL_KDF_PARAM_SECRET, View(master).first(size)),
        octets(OSSL_KDF_PARAM_SEED, std::string_view("key expansion")),
        octets(OSSL_KDF_PARAM_SEED, server),
        octets(OSSL_KDF_PARAM_SEED, client),
        OSSL_PARAM_construct_end(),
    };
    Bytes block(2 * (aead.key_size + aead.salt_size));
    bool const derived = size > 0 && derive("TLS1-PRF", parameters.data(), block);
    auto const* const key = block.data() + aead.key_size; // behind the client's
    auto const* const salt = block.data() + 2 * aead.key_size + aead.salt_size;
    keys.key.assign(key, key + aead.key_size);
    keys.nonce.assign(salt, salt + aead.salt_size);
    keys.nonce.resize(aead_nonce_size);
    OPENSSL_cleanse(master.data(), master.size());
    OPENSSL_cleanse(block.data(), block.size());
    return derived;
}

void append_number(Bytes& to, std::uint64_t number, std::size_t size) {
    for (auto shift = 8 * size; shift > 0; shift -= 8)
        to.push_back(static_cast<std::uint8_t>(number >> (shift - 8)));
}

Bytes header(wire::ContentType type, std::size_t size) {
    Bytes out{static_cast<std::uint8_t>(type), 3, 3};
    append_number(out, size, 2);
    return out;
}

/// Appends the ciphertext of `plain` and its tag to `record`.
bool seal(Aead const& aead, RecordKeys const& keys, View nonce, View beside, View plain, Bytes& record) {
    CipherPtr const cipher(EVP_CIPHER_fetch(lean_library(), aead.name, nullptr));
    CipherContextPtr const context(EVP_CIPHER_CTX_new());
    auto const start = record.size();
    record.resize(start + plain.size() + aead_tag_size);
    int moved = 0;
    return cipher && context &&
           EVP_EncryptInit_ex2(context.get(), cipher.get(), keys.key.data(), nonce.data(), nullptr) == 1 &&
           EVP_EncryptUpdate(context.get(), nullptr, &moved, beside.data(),
                             static_cast<int>(beside.size())) == 1 &&
           EVP_EncryptUpdate(context.get(), record.data() + start, &moved, plain.data(),
                             static_cast<int>(plain.size())) == 1 &&
           EVP_EncryptFinal_ex(context.get(), record.data() + start + moved, &moved) == 1 &&
           EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(aead_tag_size),
                               record.data() + record.size() - aead_tag_size) == 1;
}

} // namespace

SealedAlert sealed_alert_13(SSL const* ssl, View secret, std::uint64_t sequence, Alert const& alert) {
    auto const* const aead = negotiated_aead(ssl);
    if (!aead || secret.empty()) return std::nullopt;
    auto const keys = keys_of_traffic(digest_of(ssl), secret, *aead);
    if (!keys) return std::nullopt;
    std::array const plain{static_cast<std::uint8_t>(alert.level),
                           static_cast<std::uint8_t>(alert.description),
                           static_cast<std::uint8_t>(wire::ContentType::alert)};
    auto record = header(wire::ContentType::application_data, plain.size() + aead_tag_size);
    auto const beside = record;
    if (!seal(*aead, *keys, keys->nonce_of(sequence), beside, plain, record)) return std::nullopt;
    return record;
}

SealedAlert sealed_alert_12(SSL const* ssl, std::uint64_t sequence, Alert const& alert) {
    auto const* const aead = negotiated_aead(ssl);
    if (!aead || !SSL_get0_session(ssl)) return std::nullopt;
    RecordKeys keys;
    if (!expand_master(ssl, *aead, keys)) return std::nullopt;
    auto const nonce = keys.nonce_of(sequence);
    std::array const plain{static_cast<std::uint8_t>(alert.level),
                           static_cast<std::uint8_t>(alert.description)};
    Bytes beside;
    append_number(beside, sequence, sizeof sequence);
    auto const inner = header(wire::ContentType::alert, plain.size());
    beside.insert(beside.end(), inner.begin(), inner.end());
    auto const in_record = aead_nonce_size - aead->salt_size;
    auto record = header(wire::ContentType::alert, in_record + plain.size() + aead_tag_size);
    record.insert(record.end(), nonce.begin() + static_cast<std::ptrdiff_t>(aead->salt_size), nonce.end());
    if (!seal(*aead, keys, nonce, beside, plain, record)) return std::nullopt;
    return record;
}

} // namespace alert40::tls::engine
