#include "policy/parse/spellings.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace alert40::policy::parse {
namespace {

struct Spelling {
    std::string_view typed; ///< lower case
    std::string_view name;
};

constexpr std::array group_spellings = {
    Spelling{"p-256", "secp256r1"},
    Spelling{"p256", "secp256r1"},
    Spelling{"prime256v1", "secp256r1"},
    Spelling{"secp256r1", "secp256r1"},
    Spelling{"p-384", "secp384r1"},
    Spelling{"p384", "secp384r1"},
    Spelling{"secp384r1", "secp384r1"},
    Spelling{"p-521", "secp521r1"},
    Spelling{"p521", "secp521r1"},
    Spelling{"secp521r1", "secp521r1"},
    Spelling{"x25519", "x25519"},
    Spelling{"curve25519", "x25519"},
    Spelling{"x448", "x448"},
    Spelling{"curve448", "x448"},
    Spelling{"dh_2048", "ffdhe2048"},
    Spelling{"ffdhe2048", "ffdhe2048"},
    Spelling{"ffdhe3072", "ffdhe3072"},
    Spelling{"ffdhe4096", "ffdhe4096"},
    Spelling{"ffdhe6144", "ffdhe6144"},
    Spelling{"ffdhe8192", "ffdhe8192"},
    Spelling{"x25519mlkem768", "X25519MLKEM768"},
    Spelling{"secp256r1mlkem768", "SecP256r1MLKEM768"},
    Spelling{"secp384r1mlkem1024", "SecP384r1MLKEM1024"},
};

// For TLS 1.2 OpenSSL's names do not bind the curve; the curve that belongs to the hash is what servers have.
constexpr std::array signature_spellings = {
    Spelling{"ecdsa+sha256", "ecdsa_secp256r1_sha256"},
    Spelling{"ecdsa+sha384", "ecdsa_secp384r1_sha384"},
    Spelling{"ecdsa+sha512", "ecdsa_secp521r1_sha512"},
    Spelling{"ecdsa+sha1", "ecdsa_sha1"},
    Spelling{"rsa-pss+sha256", "rsa_pss_rsae_sha256"},
    Spelling{"rsa-pss+sha384", "rsa_pss_rsae_sha384"},
    Spelling{"rsa-pss+sha512", "rsa_pss_rsae_sha512"},
    Spelling{"rsa+sha256", "rsa_pkcs1_sha256"},
    Spelling{"rsa+sha384", "rsa_pkcs1_sha384"},
    Spelling{"rsa+sha512", "rsa_pkcs1_sha512"},
    Spelling{"rsa+sha1", "rsa_pkcs1_sha1"},
    Spelling{"ed25519", "ed25519"},
    Spelling{"ed448", "ed448"},
};

std::string canonical(std::string_view text, std::span<Spelling const> spellings) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    auto const found =
        std::find_if(spellings.begin(), spellings.end(), [&](auto const& one) { return one.typed == lower; });
    return std::string(found == spellings.end() ? text : found->name);
}

} // namespace

std::string canonical_group(std::string_view text) {
    return canonical(text, group_spellings);
}

std::string canonical_signature_algorithm(std::string_view text) {
    return canonical(text, signature_spellings);
}

} // namespace alert40::policy::parse
