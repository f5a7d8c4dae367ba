#include "tls/engine/client_settings.hpp"

#include "text/joined.hpp"
#include "tls/engine/openssl_error.hpp"

#include <algorithm>

namespace alert40::tls::engine {
namespace {

using Names = std::vector<std::string>;

constexpr std::string_view default_cipher_suites =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

constexpr std::string_view default_groups = "x25519:secp256r1:secp384r1:secp521r1";

constexpr std::string_view default_signature_algorithms =
    "ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:ecdsa_secp521r1_sha512:ed25519:ed448:"
    "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_"
    "pss_pss_sha512:"
    "rsa_pkcs1_sha256:rsa_pkcs1_sha384:rsa_pkcs1_sha512";

/// Security level 0 is for servers of another age.
constexpr std::string_view old_signature_algorithms = ":ECDSA+SHA1:rsa_pkcs1_sha1";

std::string joined_or(Names const& names, std::string_view otherwise) {
    return names.empty() ? std::string(otherwise) : text::joined(names, ":");
}

/// Pairs that OpenSSL knows only by its own spelling.
struct Spelling {
    std::string_view iana;
    std::string_view openssl;
};

constexpr std::array spellings = {
    Spelling{"ecdsa_sha1", "ECDSA+SHA1"},
    Spelling{"ecdsa_sha224", "ECDSA+SHA224"},
    Spelling{"rsa_pkcs1_sha224", "RSA+SHA224"},
};

std::string openssl_spelling(std::string const& name) {
    auto const* const found = std::ranges::find(spellings, name, &Spelling::iana);
    return found == spellings.end() ? name : std::string(found->openssl);
}

std::string signature_algorithms(Profile const& profile) {
    if (!profile.signature_algorithms.empty()) {
        Names names;
        for (auto const& name : profile.signature_algorithms)
            names.push_back(openssl_spelling(name));
        return text::joined(names, ":");
    }
    std::string text(default_signature_algorithms);
    return profile.security_level == 0 ? text.append(old_signature_algorithms) : text;
}

void set_options(SSL_CTX* context, Profile const& profile) {
    SSL_CTX_clear_options(context, SSL_CTX_get_options(context));
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_ENABLE_MIDDLEBOX_COMPAT |
                                     SSL_OP_NO_RENEGOTIATION | (profile.tickets ? 0 : SSL_OP_NO_TICKET) |
                                     (profile.legacy_renegotiation ? SSL_OP_LEGACY_SERVER_CONNECT : 0));
}

bool set_versions(SSL_CTX* context, Profile const& profile) {
    return SSL_CTX_set_min_proto_version(context, static_cast<int>(profile.min_version)) == 1 &&
           SSL_CTX_set_max_proto_version(context, static_cast<int>(profile.max_version)) == 1;
}

bool set_alpn(SSL_CTX* context, Profile const& profile) {
    auto const protocols = alpn_wire_form(profile.alpn);
    return protocols && // 0 is success here, unlike anywhere else
           SSL_CTX_set_alpn_protos(context, protocols->data(), static_cast<unsigned>(protocols->size())) == 0;
}

struct Setting {
    std::string_view key;
    bool (*apply)(SSL_CTX*, Profile const&);
};

/// In this order: the security level after the cipher string, to win over an @SECLEVEL in it.
constexpr std::array settings = {
    Setting{"versions", set_versions},
    Setting{"ciphers",
            [](SSL_CTX* context, Profile const& profile) {
                auto const& list = profile.ciphers.empty() ? std::string(strong_ciphers) : profile.ciphers;
                return SSL_CTX_set_cipher_list(context, list.c_str()) == 1;
            }},
    Setting{"security_level",
            [](SSL_CTX* context, Profile const& profile) {
                SSL_CTX_set_security_level(context, profile.security_level);
                return SSL_CTX_get_security_level(context) == profile.security_level;
            }},
    Setting{"cipher_suites",
            [](SSL_CTX* context, Profile const& profile) {
                return SSL_CTX_set_ciphersuites(
                           context, joined_or(profile.cipher_suites, default_cipher_suites).c_str()) == 1;
            }},
    Setting{"groups",
            [](SSL_CTX* context, Profile const& profile) {
                return SSL_CTX_set1_groups_list(context, joined_or(profile.groups, default_groups).c_str()) ==
                       1;
            }},
    Setting{"signature_algorithms",
            [](SSL_CTX* context, Profile const& profile) {
                return SSL_CTX_set1_sigalgs_list(context, signature_algorithms(profile).c_str()) == 1;
            }},
    Setting{"alpn", set_alpn},
};

} // namespace

SslContextPtr make_bare_context(OSSL_LIB_CTX* library) {
    return SslContextPtr(SSL_CTX_new_ex(library, nullptr, TLS_client_method()));
}

std::optional<std::string> apply_offer(SSL_CTX* context, Profile const& profile) {
    set_options(context, profile);
    for (auto const& setting : settings)
        if (!setting.apply(context, profile)) return std::string(setting.key) + ": " + take_openssl_error();
    return std::nullopt;
}

std::optional<std::vector<std::uint8_t>> alpn_wire_form(Names const& protocols) {
    std::vector<std::uint8_t> list;
    for (auto const& protocol : protocols) {
        if (protocol.empty() || protocol.size() > 255) return std::nullopt;
        list.push_back(static_cast<std::uint8_t>(protocol.size()));
        list.insert(list.end(), protocol.begin(), protocol.end());
    }
    if (list.size() > 0xffff - 2) return std::nullopt;
    return list;
}

bool knows_group(SSL_CTX* scratch, std::string const& name) {
    return SSL_CTX_set1_groups_list(scratch, name.c_str()) == 1;
}

bool knows_signature_algorithm(SSL_CTX* scratch, std::string const& name) {
    return SSL_CTX_set1_sigalgs_list(scratch, openssl_spelling(name).c_str()) == 1;
}

bool selects_ciphers(SSL_CTX* scratch, std::string const& element) {
    return SSL_CTX_set_cipher_list(scratch, element.c_str()) == 1;
}

} // namespace alert40::tls::engine
