#include "tls/engine/sealed_alert.hpp"

#include "tls/engine/lean_library.hpp"
#include "tls/engine/openssl_handles.hpp"
#include "tls/wire/record.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>

namespace alert40::tls::engine {
namespace {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<std::uint8_t const>;

using CipherPtr = std::unique_ptr<EVP_CIPHER, Freed<EVP_CIPHER_free>>;
using CipherContextPtr = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using KdfPtr = std::unique_ptr<EVP_KDF, Freed<EVP_KDF_free>>;
using KdfContextPtr = std::unique_ptr<EVP_KDF_CTX, Freed<EVP_KDF_CTX_free>>;

constexpr std::size_t nonce_size = 12, tag_size = 16;

/// What there is to know of an AEAD.
struct Aead {
    int nid;
    char const* name;
    std::size_t key_size;
    std::size_t salt_size; ///< of a nonce in TLS 1.2; the rest is in the record (RFC 5288 section 3)
};

constexpr std::array aeads = {
    Aead{NID_aes_128_gcm, "AES-128-GCM", 16, 4},
    Aead{NID_aes_256_gcm, "AES-256-GCM", 32, 4},
    Aead{NID_chacha20_poly1305, "ChaCha20-Poly1305", 32, nonce_size},
};

Aead const* aead_of(SSL const* ssl) {
    auto const* const suite = SSL_get_current_cipher(ssl);
    auto const nid = suite ? SSL_CIPHER_get_cipher_nid(suite) : NID_undef;
    auto const* const found = std::ranges::find(aeads, nid, &Aead::nid);
    return found == aeads.end() ? nullptr : found;
}

/// Wiped when it goes.
struct Keys {
    Bytes key, nonce;

    ~Keys() {
        OPENSSL_cleanse(key.data(), key.size());
        OPENSSL_cleanse(nonce.data(), nonce.size());
    }
};

OSSL_PARAM octets(char const* name, View bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(bytes.data()), bytes.size());
}

OSSL_PARAM text(char const* name, char const* value) {
    return OSSL_PARAM_construct_utf8_string(name, const_cast<char*>(value), 0);
}

View bytes_of(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

bool derive(char const* function, OSSL_PARAM const* parameters, Bytes& into) {
    KdfPtr const kdf(EVP_KDF_fetch(lean_library(), function, nullptr));
    KdfContextPtr const context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
    return context && EVP_KDF_derive(context.get(), into.data(), into.size(), parameters) == 1;
}

char const* digest_of(SSL const* ssl) {
    auto const* const digest = SSL_CIPHER_get_handshake_digest(SSL_get_current_cipher(ssl));
    return digest ? EVP_MD_get0_name(digest) : "SHA256";
}

/// RFC 8446 section 7.1: HKDF-Expand-Label without a context.
bool expand_label(char const* digest, View secret, std::string_view label, Bytes& into) {
    int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
    std::array const parameters = {
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        text(OSSL_KDF_PARAM_DIGEST, digest),
        octets(OSSL_KDF_PARAM_KEY, secret),
        octets(OSSL_KDF_PARAM_PREFIX, bytes_of("tls13 ")),
        octets(OSSL_KDF_PARAM_LABEL, bytes_of(label)),
        OSSL_PARAM_construct_end(),
    };
    return derive("TLS13-KDF", parameters.data(), into);
}

/// RFC 5246 section 6.3: the server's part of the key block.
bool expand_master(SSL const* ssl, Aead const& aead, Keys& keys) {
    std::array<std::uint8_t, SSL_MAX_MASTER_KEY_LENGTH> master{};
    std::array<std::uint8_t, SSL3_RANDOM_SIZE> client{}, server{};
    auto const size = SSL_SESSION_get_master_key(SSL_get0_session(ssl), master.data(), master.size());
    SSL_get_client_random(ssl, client.data(), client.size());
    SSL_get_server_random(ssl, server.data(), server.size());
    std::array const parameters = {
        text(OSSL_KDF_PARAM_DIGEST, digest_of(ssl)),
        octets(OSSL_KDF_PARAM_SECRET, View(master).first(size)),
        octets(OSSL_KDF_PARAM_SEED, bytes_of("key expansion")),
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
    keys.nonce.resize(nonce_size);
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

void mix_in(Bytes& nonce, std::uint64_t sequence) {
    for (std::size_t i = 0; i < sizeof sequence; ++i)
        nonce[nonce.size() - 1 - i] ^= static_cast<std::uint8_t>(sequence >> (8 * i));
}

/// Appends the ciphertext of `plain` and its tag to `record`.
bool seal(Aead const& aead, Keys const& keys, View beside, View plain, Bytes& record) {
    CipherPtr const cipher(EVP_CIPHER_fetch(lean_library(), aead.name, nullptr));
    CipherContextPtr const context(EVP_CIPHER_CTX_new());
    auto const start = record.size();
    record.resize(start + plain.size() + tag_size);
    int moved = 0;
    return cipher && context &&
           EVP_EncryptInit_ex2(context.get(), cipher.get(), keys.key.data(), keys.nonce.data(), nullptr) ==
               1 &&
           EVP_EncryptUpdate(context.get(), nullptr, &moved, beside.data(),
                             static_cast<int>(beside.size())) == 1 &&
           EVP_EncryptUpdate(context.get(), record.data() + start, &moved, plain.data(),
                             static_cast<int>(plain.size())) == 1 &&
           EVP_EncryptFinal_ex(context.get(), record.data() + start + moved, &moved) == 1 &&
           EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size),
                               record.data() + record.size() - tag_size) == 1;
}

} // namespace

SealedAlert sealed_alert_13(SSL const* ssl, View secret, std::uint64_t sequence, Alert const& alert) {
    auto const* const aead = aead_of(ssl);
    if (!aead || secret.empty()) return std::nullopt;
    Keys keys{Bytes(aead->key_size), Bytes(nonce_size)};
    if (!expand_label(digest_of(ssl), secret, "key", keys.key) ||
        !expand_label(digest_of(ssl), secret, "iv", keys.nonce))
        return std::nullopt;
    mix_in(keys.nonce, sequence);
    std::array const plain{static_cast<std::uint8_t>(alert.level),
                           static_cast<std::uint8_t>(alert.description),
                           static_cast<std::uint8_t>(wire::ContentType::alert)};
    auto record = header(wire::ContentType::application_data, plain.size() + tag_size);
    auto const beside = record;
    if (!seal(*aead, keys, beside, plain, record)) return std::nullopt;
    return record;
}

SealedAlert sealed_alert_12(SSL const* ssl, std::uint64_t sequence, Alert const& alert) {
    auto const* const aead = aead_of(ssl);
    if (!aead || !SSL_get0_session(ssl)) return std::nullopt;
    Keys keys;
    if (!expand_master(ssl, *aead, keys)) return std::nullopt;
    mix_in(keys.nonce, sequence);
    std::array const plain{static_cast<std::uint8_t>(alert.level),
                           static_cast<std::uint8_t>(alert.description)};
    Bytes beside;
    append_number(beside, sequence, sizeof sequence);
    auto const inner = header(wire::ContentType::alert, plain.size());
    beside.insert(beside.end(), inner.begin(), inner.end());
    auto const in_record = nonce_size - aead->salt_size;
    auto record = header(wire::ContentType::alert, in_record + plain.size() + tag_size);
    record.insert(record.end(), keys.nonce.begin() + static_cast<std::ptrdiff_t>(aead->salt_size),
                  keys.nonce.end());
    if (!seal(*aead, keys, beside, plain, record)) return std::nullopt;
    return record;
}

} // namespace alert40::tls::engine
