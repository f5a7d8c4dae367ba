#include "tls/engine/flight_opener.hpp"

#include "tls/engine/lean_library.hpp"
#include "tls/engine/record_keys.hpp"
#include "tls/wire/record.hpp"

#include <openssl/core_names.h>
#include <openssl/objects.h>

#include <algorithm>
#include <array>

namespace alert40::tls::engine {
namespace {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<std::uint8_t const>;

struct Suite {
    std::uint16_t code;
    int aead;
    char const* digest;
    std::size_t digest_size;
};

constexpr Suite suites[] = {
    {0x1301, NID_aes_128_gcm, "SHA2-256", 32},
    {0x1302, NID_aes_256_gcm, "SHA2-384", 48},
    {0x1303, NID_chacha20_poly1305, "SHA2-256", 32},
};

/// HKDF-Extract behind Derive-Secret(previous, "derived"), or the first of the schedule (RFC 8446 section
/// 7.1).
std::optional<Secret> extract(Suite const& suite, Secret const* previous, View key) {
    int mode = EVP_KDF_HKDF_MODE_EXTRACT_ONLY;
    std::vector parameters = {
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        text(OSSL_KDF_PARAM_DIGEST, suite.digest),
        octets(OSSL_KDF_PARAM_PREFIX, std::string_view("tls13 ")),
        octets(OSSL_KDF_PARAM_LABEL, std::string_view("derived")),
    };
    if (previous) parameters.push_back(octets(OSSL_KDF_PARAM_SALT, previous->bytes()));
    if (!key.empty()) parameters.push_back(octets(OSSL_KDF_PARAM_KEY, key));
    parameters.push_back(OSSL_PARAM_construct_end());
    Bytes extracted(suite.digest_size);
    if (!derive("TLS13-KDF", parameters.data(), extracted)) return std::nullopt;
    return Secret(std::move(extracted));
}

std::optional<Bytes> digest_of(Suite const& suite, View bytes) {
    DigestPtr const algorithm(EVP_MD_fetch(lean_library(), suite.digest, nullptr));
    Bytes made(suite.digest_size);
    if (!algorithm ||
        EVP_Digest(bytes.data(), bytes.size(), made.data(), nullptr, algorithm.get(), nullptr) != 1)
        return std::nullopt;
    return made;
}

std::optional<RecordKeys> handshake_keys(Suite const& suite, Secret const& shared, View transcript) {
    auto const early = extract(suite, nullptr, {});
    auto const handshake = early ? extract(suite, &*early, shared.bytes()) : std::nullopt;
    auto const hash = digest_of(suite, transcript);
    if (!handshake || !hash) return std::nullopt;
    Bytes traffic(suite.digest_size);
    bool const derived = expand_label(suite.digest, handshake->bytes(), "s hs traffic", *hash, traffic);
    Secret const secret(std::move(traffic));
    if (!derived) return std::nullopt;
    return keys_of_traffic(suite.digest, secret.bytes(), *aead_of(suite.aead));
}

/// TLSInnerPlaintext: content, its type, zeros.
std::optional<FlightOpener::Opened> without_padding(Bytes inner) {
    while (!inner.empty() && inner.back() == 0)
        inner.pop_back();
    if (inner.empty()) return std::nullopt;
    auto const type = inner.back();
    inner.pop_back();
    return FlightOpener::Opened{type, std::move(inner)};
}

} // namespace

struct FlightOpener::Keys {
    RecordKeys of_server;
    CipherPtr cipher;
};

FlightOpener::FlightOpener(std::unique_ptr<Keys> keys)
    : keys_(std::move(keys)) {}

FlightOpener::FlightOpener(FlightOpener&&) noexcept = default;
FlightOpener& FlightOpener::operator=(FlightOpener&&) noexcept = default;
FlightOpener::~FlightOpener() = default;

std::optional<FlightOpener> FlightOpener::make(std::uint16_t cipher_suite, Secret const& shared,
                                               std::span<std::uint8_t const> transcript) {
    auto const* const suite = std::ranges::find(suites, cipher_suite, &Suite::code);
    if (suite == std::end(suites)) return std::nullopt;
    auto made = handshake_keys(*suite, shared, transcript);
    CipherPtr cipher(EVP_CIPHER_fetch(lean_library(), aead_of(suite->aead)->name, nullptr));
    if (!made || !cipher) return std::nullopt;
    return FlightOpener(std::make_unique<Keys>(Keys{*std::move(made), std::move(cipher)}));
}

std::optional<FlightOpener::Opened> FlightOpener::open(std::span<std::uint8_t const> record) {
    constexpr auto header_size = wire::record_header_size;
    if (record.size() <= header_size + aead_tag_size) return std::nullopt;
    auto const header = record.first(header_size);
    auto const sealed = record.subspan(header_size, record.size() - header_size - aead_tag_size);
    Bytes tag(record.end() - aead_tag_size, record.end());
    auto const nonce = keys_->of_server.nonce_of(sequence_);
    Bytes inner(sealed.size());
    int moved = 0;
    CipherContextPtr const context(EVP_CIPHER_CTX_new());
    bool const opened = context &&
                        EVP_DecryptInit_ex2(context.get(), keys_->cipher.get(), keys_->of_server.key.data(),
                                            nonce.data(), nullptr) == 1 &&
                        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG,
                                            static_cast<int>(tag.size()), tag.data()) == 1 &&
                        EVP_DecryptUpdate(context.get(), nullptr, &moved, header.data(),
                                          static_cast<int>(header.size())) == 1 &&
                        EVP_DecryptUpdate(context.get(), inner.data(), &moved, sealed.data(),
                                          static_cast<int>(sealed.size())) == 1 &&
                        EVP_DecryptFinal_ex(context.get(), inner.data() + moved, &moved) == 1;
    if (!opened) return std::nullopt;
    ++sequence_;
    return without_padding(std::move(inner));
}

} // namespace alert40::tls::engine
