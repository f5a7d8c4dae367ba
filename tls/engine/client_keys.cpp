#include "tls/engine/client_keys.hpp"

#include "tls/engine/lean_library.hpp"
#include "tls/engine/openssl_handles.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>

namespace alert40::tls::engine {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Share = ClientKeys::Share;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;

constexpr std::uint16_t x25519 = 0x001d, x25519_mlkem768 = 0x11ec;

/// The groups that OpenSSL makes keys for; those of an elliptic curve with its name.
struct Curve {
    std::uint16_t group;
    char const* algorithm;
    char const* name;
};

constexpr Curve curves[] = {
    {0x0017, "EC", "P-256"},     {0x0018, "EC", "P-384"},   {0x0019, "EC", "P-521"},
    {x25519, "X25519", nullptr}, {0x001e, "X448", nullptr},
};

KeyPtr make_key(Curve const& curve) {
    KeyContextPtr const context(EVP_PKEY_CTX_new_from_name(lean_library(), curve.algorithm, nullptr));
    if (!context || EVP_PKEY_keygen_init(context.get()) != 1 ||
        (curve.name && EVP_PKEY_CTX_set_group_name(context.get(), curve.name) != 1))
        return nullptr;
    EVP_PKEY* key = nullptr;
    EVP_PKEY_generate(context.get(), &key);
    return KeyPtr(key);
}

Bytes public_half(EVP_PKEY* key) {
    unsigned char* encoded = nullptr;
    auto const size = EVP_PKEY_get1_encoded_public_key(key, &encoded);
    Bytes bytes(encoded, encoded + size);
    OPENSSL_free(encoded);
    return bytes;
}

bool randomize(std::span<std::uint8_t> bytes) {
    return RAND_bytes_ex(lean_library(), bytes.data(), bytes.size(), 0) == 1;
}

/// An encapsulation key of ML-KEM-768 (FIPS 203 section 7.2): 3 * 256 coefficients of 12 bits, each below q,
/// and a seed. Any such bytes are one that a server has to take.
bool append_encapsulation_key(Bytes& to) {
    constexpr std::size_t coefficients = 3 * 256, seed_size = 32;
    constexpr std::uint16_t q = 3329;
    std::array<std::uint8_t, 4 * coefficients + seed_size> noise{};
    if (!randomize(noise)) return false;
    auto const coefficient = [&](std::size_t i) {
        auto const* const four = noise.data() + 4 * i;
        std::uint32_t const number = static_cast<std::uint32_t>(four[0]) << 24 |
                                     static_cast<std::uint32_t>(four[1]) << 16 |
                                     static_cast<std::uint32_t>(four[2]) << 8 | four[3];
        return number % q;
    };
    for (std::size_t i = 0; i < coefficients; i += 2) { // ByteEncode_12 (FIPS 203 section 4.2.1)
        auto const pair = coefficient(i) | coefficient(i + 1) << 12;
        for (int shift = 0; shift < 24; shift += 8)
            to.push_back(static_cast<std::uint8_t>(pair >> shift));
    }
    to.insert(to.end(), noise.end() - seed_size, noise.end());
    return true;
}

} // namespace

struct ClientKeys::Private {
    std::vector<std::pair<std::uint16_t, KeyPtr>> keys; ///< by group
};

ClientKeys::ClientKeys()
    : private_(std::make_unique<Private>()) {}

ClientKeys::ClientKeys(ClientKeys&&) noexcept = default;
ClientKeys& ClientKeys::operator=(ClientKeys&&) noexcept = default;
ClientKeys::~ClientKeys() = default;

std::optional<ClientKeys> ClientKeys::make(std::span<std::uint16_t const> groups) {
    ClientKeys made;
    if (!randomize(made.random_) || !randomize(made.session_id_)) return std::nullopt;
    for (auto const group : groups) {
        if (std::ranges::find(made.shares_, group, &Share::group) != made.shares_.end()) continue;
        bool const hybrid = group == x25519_mlkem768;
        auto const* const curve = std::ranges::find(curves, hybrid ? x25519 : group, &Curve::group);
        if (curve == std::end(curves)) continue;
        auto key = make_key(*curve);
        if (!key) return std::nullopt;
        Share share{group, {}};
        if (hybrid && !append_encapsulation_key(share.key_exchange)) return std::nullopt;
        auto const half = public_half(key.get());
        share.key_exchange.insert(share.key_exchange.end(), half.begin(), half.end());
        made.shares_.push_back(std::move(share));
        if (!hybrid) made.private_->keys.emplace_back(group, std::move(key));
    }
    return made;
}

std::optional<Secret> ClientKeys::agree(std::uint16_t group, std::span<std::uint8_t const> servers) const {
    auto const& keys = private_->keys;
    auto const own = std::ranges::find(keys, group, &std::pair<std::uint16_t, KeyPtr>::first);
    if (own == keys.end()) return std::nullopt;
    KeyPtr const peer(EVP_PKEY_new());
    if (!peer || EVP_PKEY_copy_parameters(peer.get(), own->second.get()) != 1 ||
        EVP_PKEY_set1_encoded_public_key(peer.get(), servers.data(), servers.size()) != 1)
        return std::nullopt;
    KeyContextPtr const context(EVP_PKEY_CTX_new_from_pkey(lean_library(), own->second.get(), nullptr));
    std::size_t size = 0;
    if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1 ||
        EVP_PKEY_derive(context.get(), nullptr, &size) != 1)
        return std::nullopt;
    Bytes shared(size);
    if (EVP_PKEY_derive(context.get(), shared.data(), &size) != 1) return std::nullopt;
    shared.resize(size);
    return Secret(std::move(shared));
}

} // namespace alert40::tls::engine
