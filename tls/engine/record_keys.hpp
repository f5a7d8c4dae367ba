#pragma once

#include "tls/engine/openssl_handles.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// What records are protected with, where OpenSSL's own TLS cannot be asked to do it.
namespace alert40::tls::engine {

using CipherPtr = std::unique_ptr<EVP_CIPHER, Freed<EVP_CIPHER_free>>;
using CipherContextPtr = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;

inline constexpr std::size_t aead_nonce_size = 12, aead_tag_size = 16;

/// What there is to know of an AEAD.
struct Aead {
    int nid;
    char const* name;
    std::size_t key_size;
    std::size_t salt_size; ///< of a nonce in TLS 1.2; the rest is in the record (RFC 5288 section 3)
};

/// AES-GCM and ChaCha20-Poly1305; null for others.
Aead const* aead_of(int nid);

/// Of one direction. Wiped when it goes.
struct RecordKeys {
    std::vector<std::uint8_t> key, nonce;

    RecordKeys() = default;

    ~RecordKeys() {
        OPENSSL_cleanse(key.data(), key.size());
        OPENSSL_cleanse(nonce.data(), nonce.size());
    }

    RecordKeys(RecordKeys&&) noexcept = default;
    RecordKeys& operator=(RecordKeys&&) noexcept = default;
    RecordKeys(RecordKeys const&) = delete;
    RecordKeys& operator=(RecordKeys const&) = delete;

    /// Of the record with this number (RFC 8446 section 5.3).
    std::vector<std::uint8_t> nonce_of(std::uint64_t sequence) const;
};

OSSL_PARAM octets(char const* name, std::span<std::uint8_t const> bytes);
OSSL_PARAM octets(char const* name, std::string_view text);
OSSL_PARAM text(char const* name, char const* value);

/// As many bytes as `into` has, by a key derivation function of OpenSSL's. False: the library fails.
bool derive(char const* function, OSSL_PARAM const* parameters, std::span<std::uint8_t> into);

/// HKDF-Expand-Label (RFC 8446 section 7.1); `context` may be empty.
bool expand_label(char const* digest, std::span<std::uint8_t const> secret, std::string_view label,
                  std::span<std::uint8_t const> context, std::span<std::uint8_t> into);

/// RFC 8446 section 7.3. Nothing: the library fails.
std::optional<RecordKeys> keys_of_traffic(char const* digest, std::span<std::uint8_t const> traffic_secret,
                                          Aead const& aead);

} // namespace alert40::tls::engine
