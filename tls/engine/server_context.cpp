#include "tls/engine/server_context.hpp"

#include "tls/engine/apply_limits.hpp"
#include "tls/engine/lean_library.hpp"
#include "tls/engine/memory_use.hpp"
#include "tls/engine/server_context_state.hpp"
#include "tls/engine/ssl_events.hpp"

#include <openssl/err.h>

#include <array>
#include <new>

namespace alert40::tls::engine {
namespace {

/// Ours is the choice: what is strong and quick first, then everything else that this OpenSSL has.
constexpr char const* ciphers = "ECDHE+AES128+AESGCM:ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:ALL:@SECLEVEL=0";
constexpr char const* cipher_suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_"
                                      "SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256";

constexpr char const* signature_algorithms =
    "ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:ecdsa_secp521r1_sha512:ed25519:ed448:"
    "rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512:rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:"
    "rsa_pss_rsae_sha512:rsa_pkcs1_sha256:rsa_pkcs1_sha384:rsa_pkcs1_sha512:ECDSA+SHA224:RSA+SHA224:"
    "ECDSA+SHA1:RSA+SHA1";

/// In the order of preference; a build of OpenSSL may lack some.
constexpr std::array groups = {
    "x25519",    "secp256r1",       "secp384r1",       "secp521r1",
    "x448",      "ffdhe2048",       "ffdhe3072",       "ffdhe4096",
    "ffdhe6144", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1",
    "ffdhe8192", "secp256k1",       "secp224r1",       "secp192r1",
};

constexpr long max_sessions = 1024;          ///< of apps that take no ticket; some 2 KiB each
constexpr long session_lifetime = 24 * 3600; ///< seconds; RFC 5077 section 5.6 and RFC 8446 allow more

void set_options(SSL_CTX* context) {
    SSL_CTX_clear_options(context, SSL_CTX_get_options(context));
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_ENABLE_MIDDLEBOX_COMPAT |
                                     SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
}

void set_offer(SSL_CTX* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_cipher_list(context, ciphers);
    SSL_CTX_set_ciphersuites(context, cipher_suites);
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set1_sigalgs_list(context, signature_algorithms);
    SSL_CTX_set_dh_auto(context, 1);
}

void set_groups(SSL_CTX* context) {
    std::string known;
    for (std::string const group : groups)
        if (SSL_CTX_set1_groups_list(context, group.c_str()) == 1)
            known += (known.empty() ? "" : ":") + group;
    SSL_CTX_set1_groups_list(context, known.c_str());
    ERR_clear_error();
}

/// Tickets cost us no memory. One at a time is enough: whoever resumes gets the next.
void set_sessions(SSL_CTX* context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER);
    SSL_CTX_sess_set_cache_size(context, max_sessions);
    SSL_CTX_set_timeout(context, session_lifetime);
    SSL_CTX_set_num_tickets(context, 1);
}

} // namespace

ServerContext::State::State(KeyLog log)
    : context(SSL_CTX_new_ex(lean_library(), nullptr, TLS_server_method()))
    , key_log(std::move(log)) {
    if (!context) throw std::bad_alloc{};
    set_options(context.get());
    set_offer(context.get());
    set_groups(context.get());
    set_sessions(context.get());
    set_memory_use(context.get());
    SSL_CTX_set_mode(context.get(), SSL_MODE_NO_AUTO_CHAIN); // an identity brings its chain
    report_server_events(context.get());
    report_keys(context.get(), key_log);
}

std::shared_ptr<ServerContext const> ServerContext::make(KeyLog key_log) {
    return std::shared_ptr<ServerContext const>(
        new ServerContext(std::make_unique<State>(std::move(key_log))));
}

boost::system::result<std::shared_ptr<ServerContext const>, std::string>
ServerContext::make(KeyLog key_log, ServerLimits const& limits) {
    auto state = std::make_unique<State>(std::move(key_log));
    if (auto error = apply_limits(state->context.get(), limits)) return std::move(*error);
    report_secrets(state->context.get(), state->key_log);
    return std::shared_ptr<ServerContext const>(new ServerContext(std::move(state)));
}

bool ServerContext::needs_rsa() const {
    auto const* const suites = SSL_CTX_get_ciphers(state_->context.get());
    bool has_rsa = false;
    for (int i = 0; i < sk_SSL_CIPHER_num(suites); ++i) {
        auto const proof = SSL_CIPHER_get_auth_nid(sk_SSL_CIPHER_value(suites, i));
        if (proof == NID_auth_ecdsa) return false;
        has_rsa |= proof == NID_auth_rsa;
    }
    return has_rsa;
}

ServerContext::ServerContext(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

ServerContext::~ServerContext() = default;

} // namespace alert40::tls::engine
