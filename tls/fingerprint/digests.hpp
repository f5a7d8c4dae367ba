#pragma once

#include <string>
#include <string_view>

namespace alert40::tls::fingerprint {

/// The digests that fingerprints need, as functions: tls/engine has them, and this folder has no library.
/// Each returns lower-case hex.
struct Digests {
    std::string (*md5_hex)(std::string_view text) = nullptr;
    std::string (*sha256_hex)(std::string_view text) = nullptr;
};

} // namespace alert40::tls::fingerprint
