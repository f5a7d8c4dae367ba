#include "tls/engine/capabilities.hpp"

#include "tls/engine/client_settings.hpp"
#include "tls/wire/iana.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>

namespace alert40::tls::engine {
namespace {

using Names = std::vector<std::string>;
using KnowsName = bool (*)(SSL_CTX*, std::string const&);

bool knows_cipher_suite(SSL_CTX*, std::string const& name) {
    return std::ranges::find(tls13_cipher_suites, name) != tls13_cipher_suites.end();
}

struct NamedList {
    std::string_view key;
    Names Profile::*list;
    KnowsName knows;
    wire::iana::Registry (*registry)();
};

constexpr std::array named_lists = {
    NamedList{"cipher_suites", &Profile::cipher_suites, knows_cipher_suite, wire::iana::cipher_suites},
    NamedList{"groups", &Profile::groups, knows_group, wire::iana::named_groups},
    NamedList{"signature_algorithms", &Profile::signature_algorithms, knows_signature_algorithm,
              wire::iana::signature_schemes},
};

/// The elements of an OpenSSL cipher string.
Names elements_of(std::string_view cipher_string) {
    constexpr std::string_view separators = ":,; ";
    Names elements;
    while (!cipher_string.empty()) {
        auto const end = std::min(cipher_string.find_first_of(separators), cipher_string.size());
        if (end > 0) elements.emplace_back(cipher_string.substr(0, end));
        cipher_string.remove_prefix(std::min(end + 1, cipher_string.size()));
    }
    return elements;
}

/// An element that takes away or sorts ("!MD5", "-RSA", "+3DES", "@STRENGTH") may well find nothing to do.
bool selects(std::string const& element) {
    return std::string_view("!-+@").find(element.front()) == std::string_view::npos;
}

void look_at_names(SSL_CTX* scratch, Profile const& profile, std::vector<Incapability>& found) {
    for (auto const& [key, list, knows, registry] : named_lists)
        for (std::size_t i = 0; i < (profile.*list).size(); ++i)
            if (auto const& name = (profile.*list)[i]; !knows(scratch, name))
                found.push_back(
                    {std::string(key), i, "this build of OpenSSL does not know \"" + name + "\""});
}

void look_at_ciphers(SSL_CTX* scratch, Profile const& profile, std::vector<Incapability>& found) {
    auto const elements = elements_of(profile.ciphers);
    for (std::size_t i = 0; i < elements.size(); ++i)
        if (selects(elements[i]) && !selects_ciphers(scratch, elements[i]))
            found.push_back(
                {"ciphers", i, "\"" + elements[i] + "\" selects no cipher suite in this build of OpenSSL"});
    if (found.empty() && !elements.empty() && !selects_ciphers(scratch, profile.ciphers))
        found.push_back({"ciphers", 0, "\"" + profile.ciphers + "\" leaves no cipher suite"});
}

void look_at_versions(SSL_CTX* scratch, Profile const& profile, std::vector<Incapability>& found) {
    for (auto const version : {profile.min_version, profile.max_version})
        if (SSL_CTX_set_min_proto_version(scratch, static_cast<int>(version)) != 1 ||
            version == ProtocolVersion::ssl3) {
            found.push_back(
                {"versions", 0, "this build of OpenSSL cannot do TLS " + std::string(name_of(version))});
            return;
        }
    if (profile.min_version < ProtocolVersion::tls1_2 && profile.security_level > 0)
        found.push_back({"security_level", 0, "TLS 1.0 and 1.1 need security_level = 0"});
}

struct CipherWeakness {
    std::string_view phrase;
    bool (*has)(SSL_CIPHER const*);
};

bool uses(SSL_CIPHER const* cipher, std::initializer_list<int> ciphers) {
    return std::ranges::find(ciphers, SSL_CIPHER_get_cipher_nid(cipher)) != ciphers.end();
}

constexpr std::array cipher_weaknesses = {
    CipherWeakness{"suites without encryption",
                   [](SSL_CIPHER const* cipher) { return SSL_CIPHER_get_cipher_nid(cipher) == NID_undef; }},
    CipherWeakness{"RC4", [](SSL_CIPHER const* cipher) { return uses(cipher, {NID_rc4}); }},
    CipherWeakness{"3DES", [](SSL_CIPHER const* cipher) { return uses(cipher, {NID_des_ede3_cbc}); }},
    CipherWeakness{"CBC suites",
                   [](SSL_CIPHER const* cipher) {
                       return SSL_CIPHER_get_cipher_nid(cipher) != NID_undef && !SSL_CIPHER_is_aead(cipher) &&
                              !uses(cipher, {NID_rc4, NID_des_ede3_cbc});
                   }},
    CipherWeakness{"static RSA key exchange",
                   [](SSL_CIPHER const* cipher) { return SSL_CIPHER_get_kx_nid(cipher) == NID_kx_rsa; }},
    CipherWeakness{"no forward secrecy",
                   [](SSL_CIPHER const* cipher) {
                       auto const exchange = SSL_CIPHER_get_kx_nid(cipher);
                       return exchange != NID_kx_ecdhe && exchange != NID_kx_dhe && exchange != NID_kx_any &&
                              exchange != NID_kx_rsa && exchange != NID_kx_ecdhe_psk &&
                              exchange != NID_kx_dhe_psk;
                   }},
    CipherWeakness{"anonymous servers",
                   [](SSL_CIPHER const* cipher) { return SSL_CIPHER_get_auth_nid(cipher) == NID_auth_null; }},
};

void look_for_weak_ciphers(Profile const& profile, Names& found) {
    auto const context = make_bare_context();
    if (!context || apply_offer(context.get(), profile)) return;
    SslPtr const ssl(SSL_new(context.get()));
    if (!ssl) return;
    auto* const offered = SSL_get1_supported_ciphers(ssl.get());
    for (auto const& weakness : cipher_weaknesses)
        for (int i = 0; i < sk_SSL_CIPHER_num(offered); ++i)
            if (weakness.has(sk_SSL_CIPHER_value(offered, i))) {
                found.emplace_back(weakness.phrase);
                break;
            }
    sk_SSL_CIPHER_free(offered);
}

} // namespace

std::vector<Incapability> incapabilities(Profile const& profile) {
    std::vector<Incapability> found;
    auto const scratch = make_bare_context();
    if (!scratch) return {{"versions", 0, "OpenSSL cannot make a context"}};
    look_at_ciphers(scratch.get(), profile, found);
    look_at_names(scratch.get(), profile, found);
    look_at_versions(scratch.get(), profile, found);
    ERR_clear_error();
    return found;
}

std::vector<std::string> weaknesses(Profile const& profile) {
    Names found;
    for (auto const version : {ProtocolVersion::tls1_0, ProtocolVersion::tls1_1})
        if (profile.min_version <= version && version <= profile.max_version)
            found.push_back("TLS " + std::string(name_of(version)));
    look_for_weak_ciphers(profile, found);
    if (profile.security_level < 2)
        found.push_back("security level " + std::to_string(profile.security_level));
    if (profile.legacy_renegotiation) found.emplace_back("servers without secure renegotiation (RFC 5746)");
    if (profile.verify.mode == Verify::Mode::none)
        found.emplace_back("verification off");
    else if (profile.verify.time)
        found.emplace_back("validity checked at another time");
    ERR_clear_error();
    return found;
}

std::vector<std::string> known_names(std::string_view key) {
    auto const* const known = std::ranges::find(named_lists, key, &NamedList::key);
    auto const scratch = make_bare_context();
    Names names;
    if (known == named_lists.end() || !scratch) return names;
    for (auto const& row : known->registry())
        if (std::string name(row.name); known->knows(scratch.get(), name)) names.push_back(std::move(name));
    ERR_clear_error();
    return names;
}

std::string openssl_cipher_name(std::string const& iana_name) {
    if (std::ranges::find(tls13_cipher_suites, iana_name) != tls13_cipher_suites.end()) return {};
    std::string_view const name = OPENSSL_cipher_name(iana_name.c_str());
    return name == "(NONE)" ? std::string{} : std::string(name);
}

} // namespace alert40::tls::engine
