#include "tls/engine/apply_limits.hpp"

#include "text/joined.hpp"
#include "tls/engine/capabilities.hpp"
#include "tls/engine/lean_library.hpp"
#include "tls/engine/openssl_error.hpp"
#include "tls/engine/openssl_handles.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>

namespace alert40::tls::engine {
namespace {

struct Switch {
    ProtocolVersion version;
    std::uint64_t off;
};

constexpr std::array switches = {
    Switch{ProtocolVersion::tls1_0, SSL_OP_NO_TLSv1},
    Switch{ProtocolVersion::tls1_1, SSL_OP_NO_TLSv1_1},
    Switch{ProtocolVersion::tls1_2, SSL_OP_NO_TLSv1_2},
    Switch{ProtocolVersion::tls1_3, SSL_OP_NO_TLSv1_3},
};

bool has(std::vector<ProtocolVersion> const& versions, ProtocolVersion version) {
    return std::ranges::find(versions, version) != versions.end();
}

/// Names and elements that would be passed over in silence, or refused without a word which.
std::optional<std::string> unknown_name(ServerLimits const& limits) {
    for (auto const version : limits.versions)
        if (std::ranges::find(switches, version, &Switch::version) == switches.end())
            return "versions: this build of OpenSSL cannot do " + std::string(name_of(version));
    Profile asked;
    asked.ciphers = limits.ciphers;
    asked.cipher_suites = limits.cipher_suites;
    asked.groups = limits.groups;
    auto const found = incapabilities(asked);
    if (found.empty()) return std::nullopt;
    return found.front().key + ": " + found.front().reason;
}

std::optional<std::string> contradiction(ServerLimits const& limits) {
    auto const& versions = limits.versions;
    bool const only_13 = !versions.empty() && std::ranges::min(versions) == ProtocolVersion::tls1_3;
    if (limits.dh_1024 && only_13) return "dh_1024: TLS 1.3 has no group of 1024 bits";
    if (limits.no_secure_renegotiation && only_13)
        return "no_secure_renegotiation: TLS 1.3 has no renegotiation";
    return std::nullopt;
}

bool limit_versions(SSL_CTX* context, ServerLimits const& limits) {
    for (auto const& [version, off] : switches)
        if ((!limits.versions.empty() && !has(limits.versions, version)) ||
            ((limits.dh_1024 || limits.no_secure_renegotiation) && version == ProtocolVersion::tls1_3))
            SSL_CTX_set_options(context, off);
    return true;
}

/// What is left of it when only DHE with an RSA certificate will do.
constexpr std::string_view dhe_alone = ":!kECDHE:!kRSA:!PSK:!SRP:!aNULL:!aDSS";

bool set_ciphers(SSL_CTX* context, std::string const& list) {
    auto const is_set = SSL_CTX_set_cipher_list(context, (list + ":@SECLEVEL=0").c_str()) == 1;
    SSL_CTX_set_security_level(context, 0); // the last word, whatever the list says
    return is_set;
}

/// The group with 160-bit subgroup of RFC 5114 section 2.1.
bool set_small_dh(SSL_CTX* context) {
    char group[] = "dh_1024_160";
    std::array const parts = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_end(),
    };
    std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>> const maker(
        EVP_PKEY_CTX_new_from_name(lean_library(), "DH", nullptr));
    EVP_PKEY* made = nullptr;
    if (!maker || EVP_PKEY_fromdata_init(maker.get()) != 1 ||
        EVP_PKEY_fromdata(maker.get(), &made, EVP_PKEY_KEY_PARAMETERS,
                          const_cast<OSSL_PARAM*>(parts.data())) != 1)
        return false;
    KeyPtr parameters(made);
    SSL_CTX_set_dh_auto(context, 0);
    if (SSL_CTX_set0_tmp_dh_pkey(context, parameters.get()) != 1) return false;
    parameters.release(); // the context's now
    return true;
}

/// No error, and a new ticket in its place.
SSL_TICKET_RETURN decline_ticket(SSL*, SSL_SESSION*, unsigned char const*, std::size_t, SSL_TICKET_STATUS,
                                 void*) {
    return SSL_TICKET_RETURN_IGNORE_RENEW;
}

bool forget_tickets(SSL_CTX* context, ServerLimits const& limits) {
    if (!limits.forgets_tickets) return true;
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); // session IDs of TLS 1.2
    return SSL_CTX_set_session_ticket_cb(context, nullptr, decline_ticket, nullptr) == 1;
}

struct Limit {
    std::string_view key;
    bool (*apply)(SSL_CTX*, ServerLimits const&);
};

constexpr std::array table = {
    Limit{"versions", limit_versions},
    Limit{"ciphers",
          [](SSL_CTX* context, ServerLimits const& limits) {
              return limits.ciphers.empty() || set_ciphers(context, limits.ciphers);
          }},
    Limit{"dh_1024",
          [](SSL_CTX* context, ServerLimits const& limits) {
              if (!limits.dh_1024) return true;
              auto const list = limits.ciphers.empty() ? "DHE" : limits.ciphers;
              return set_ciphers(context, list + std::string(dhe_alone)) && set_small_dh(context);
          }},
    Limit{"cipher_suites",
          [](SSL_CTX* context, ServerLimits const& limits) {
              return limits.cipher_suites.empty() ||
                     SSL_CTX_set_ciphersuites(context, text::joined(limits.cipher_suites, ":").c_str()) == 1;
          }},
    Limit{"groups",
          [](SSL_CTX* context, ServerLimits const& limits) {
              return limits.groups.empty() ||
                     SSL_CTX_set1_groups_list(context, text::joined(limits.groups, ":").c_str()) == 1;
          }},
    Limit{"require_client_certificate",
          [](SSL_CTX* context, ServerLimits const& limits) {
              if (limits.require_client_certificate)
                  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
              return true;
          }},
    Limit{"forgets_tickets", forget_tickets},
};

} // namespace

std::optional<std::string> apply_limits(SSL_CTX* context, ServerLimits const& limits) {
    if (auto why = unknown_name(limits)) return why;
    if (auto why = contradiction(limits)) return why;
    for (auto const& limit : table)
        if (!limit.apply(context, limits)) return std::string(limit.key) + ": " + take_openssl_error();
    return std::nullopt;
}

} // namespace alert40::tls::engine
