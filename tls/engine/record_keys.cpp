#include "tls/engine/record_keys.hpp"

#include "tls/engine/lean_library.hpp"

#include <openssl/core_names.h>
#include <openssl/objects.h>

#include <algorithm>
#include <array>

namespace alert40::tls::engine {
namespace {

using KdfPtr = std::unique_ptr<EVP_KDF, Freed<EVP_KDF_free>>;
using KdfContextPtr = std::unique_ptr<EVP_KDF_CTX, Freed<EVP_KDF_CTX_free>>;

constexpr std::array aeads = {
    Aead{NID_aes_128_gcm, "AES-128-GCM", 16, 4},
    Aead{NID_aes_256_gcm, "AES-256-GCM", 32, 4},
    Aead{NID_chacha20_poly1305, "ChaCha20-Poly1305", 32, aead_nonce_size},
};

} // namespace

Aead const* aead_of(int nid) {
    auto const* const found = std::ranges::find(aeads, nid, &Aead::nid);
    return found == aeads.end() ? nullptr : found;
}

std::vector<std::uint8_t> RecordKeys::nonce_of(std::uint64_t sequence) const {
    auto mixed = nonce;
    for (std::size_t i = 0; i < sizeof sequence; ++i)
        mixed[mixed.size() - 1 - i] ^= static_cast<std::uint8_t>(sequence >> (8 * i));
    return mixed;
}

OSSL_PARAM octets(char const* name, std::span<std::uint8_t const> bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(bytes.data()), bytes.size());
}

OSSL_PARAM octets(char const* name, std::string_view text) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(text.data()), text.size());
}

OSSL_PARAM text(char const* name, char const* value) {
    return OSSL_PARAM_construct_utf8_string(name, const_cast<char*>(value), 0);
}

bool derive(char const* function, OSSL_PARAM const* parameters, std::span<std::uint8_t> into) {
    KdfPtr const kdf(EVP_KDF_fetch(lean_library(), function, nullptr));
    KdfContextPtr const context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
    return context && EVP_KDF_derive(context.get(), into.data(), into.size(), parameters) == 1;
}

bool expand_label(char const* digest, std::span<std::uint8_t const> secret, std::string_view label,
                  std::span<std::uint8_t const> context, std::span<std::uint8_t> into) {
    int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
    std::array const parameters = {
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        text(OSSL_KDF_PARAM_DIGEST, digest),
        octets(OSSL_KDF_PARAM_KEY, secret),
        octets(OSSL_KDF_PARAM_PREFIX, std::string_view("tls13 ")),
        octets(OSSL_KDF_PARAM_LABEL, label),
        context.empty() ? OSSL_PARAM_construct_end() : octets(OSSL_KDF_PARAM_DATA, context),
        OSSL_PARAM_construct_end(),
    };
    return derive("TLS13-KDF", parameters.data(), into);
}

std::optional<RecordKeys> keys_of_traffic(char const* digest, std::span<std::uint8_t const> traffic_secret,
                                          Aead const& aead) {
    RecordKeys keys;
    keys.key.resize(aead.key_size);
    keys.nonce.resize(aead_nonce_size);
    if (!expand_label(digest, traffic_secret, "key", {}, keys.key) ||
        !expand_label(digest, traffic_secret, "iv", {}, keys.nonce))
        return std::nullopt;
    return keys;
}

} // namespace alert40::tls::engine
