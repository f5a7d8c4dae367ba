#pragma once

#include "tls/fingerprint/digests.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstddef>

namespace alert40::tests {

inline std::string digest_hex(std::string_view text, EVP_MD const* algorithm) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, algorithm, nullptr);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < size; ++i)
        out.append(1, digits[digest[i] >> 4]).append(1, digits[digest[i] & 15]);
    return out;
}

inline tls::fingerprint::Digests const real_digests{
    [](std::string_view text) { return digest_hex(text, EVP_md5()); },
    [](std::string_view text) { return digest_hex(text, EVP_sha256()); },
};

} // namespace alert40::tests
