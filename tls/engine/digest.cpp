#include "tls/engine/digest.hpp"

#include "tls/engine/openssl_handles.hpp"

#include <openssl/evp.h>

namespace alert40::tls::engine {
namespace {

/// Fetched once: a fetch costs more than hashing a hello.
EVP_MD const* md5_algorithm() {
    static DigestPtr const fetched(EVP_MD_fetch(nullptr, "MD5", nullptr));
    return fetched.get();
}

EVP_MD const* sha256_algorithm() {
    static DigestPtr const fetched(EVP_MD_fetch(nullptr, "SHA2-256", nullptr));
    return fetched.get();
}

template <std::size_t size>
std::optional<std::array<std::uint8_t, size>> digest(std::span<std::uint8_t const> bytes,
                                                     EVP_MD const* algorithm) {
    std::array<std::uint8_t, size> made{};
    if (!algorithm || EVP_Digest(bytes.data(), bytes.size(), made.data(), nullptr, algorithm, nullptr) != 1)
        return std::nullopt;
    return made;
}

std::span<std::uint8_t const> bytes_of(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

std::string hex(std::span<std::uint8_t const> bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (auto const byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

} // namespace

std::optional<Sha256> sha256(std::span<std::uint8_t const> bytes) {
    return digest<32>(bytes, sha256_algorithm());
}

std::string md5_hex(std::string_view text) {
    auto const made = digest<16>(bytes_of(text), md5_algorithm());
    return made ? hex(*made) : std::string{};
}

std::string sha256_hex(std::string_view text) {
    auto const made = sha256(bytes_of(text));
    return made ? hex(*made) : std::string{};
}

} // namespace alert40::tls::engine
