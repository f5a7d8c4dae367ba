#include "tls/engine/client_context.hpp"

#include "tls/engine/capabilities.hpp"
#include "tls/engine/client_context_state.hpp"
#include "tls/engine/client_settings.hpp"
#include "tls/engine/lean_library.hpp"
#include "tls/engine/memory_use.hpp"
#include "tls/engine/openssl_error.hpp"
#include "tls/engine/ssl_events.hpp"
#include "tls/engine/trust_store.hpp"

namespace alert40::tls::engine {
namespace {

using Error = std::optional<std::string>; ///< one line; nothing: all is well

Error set_verification(SSL_CTX* context, Verify const& verify, OSSL_LIB_CTX* library) {
    SSL_CTX_set_verify(context, verify.mode == Verify::Mode::full ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
                       nullptr);
    if (verify.mode == Verify::Mode::none) return std::nullopt;
    auto store = trust_store(verify.ca_file, library);
    if (!store) return (verify.ca_file.empty() ? "verify: " : "verify.ca_file: ") + store.error();
    SSL_CTX_set_cert_store(context, store->release());

    auto* const parameters = SSL_CTX_get0_param(context);
    // A user's ca_file may well hold no more than an intermediate, or the server's own certificate.
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
    if (verify.time)
        X509_VERIFY_PARAM_set_time(parameters, std::chrono::system_clock::to_time_t(*verify.time));
    return std::nullopt;
}

/// There is nobody to ask for a passphrase.
int no_passphrase(char*, int, int, void*) {
    return 0;
}

Error set_client_certificate(SSL_CTX* context, ClientCertificate const& certificate) {
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    if (SSL_CTX_use_certificate_chain_file(context, certificate.cert.c_str()) != 1)
        return "client_certificate.cert: cannot use \"" + certificate.cert + "\": " + take_openssl_error();
    if (SSL_CTX_use_PrivateKey_file(context, certificate.key.c_str(), SSL_FILETYPE_PEM) != 1)
        return "client_certificate.key: cannot use \"" + certificate.key + "\": " + take_openssl_error();
    return std::nullopt;
}

void set_sessions(SSL_CTX* context, Profile const& profile) {
    SSL_CTX_set_session_cache_mode(context, profile.resumption
                                                ? SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL
                                                : SSL_SESS_CACHE_OFF);
}

/// What a profile says in general is served by the lean library. One with a key of its own, or that talks to
/// servers of another age, may need anything.
OSSL_LIB_CTX* library_for(Profile const& profile) {
    return profile.security_level == 0 || profile.client_certificate ? nullptr : lean_library();
}

Error set_up(ClientContext::State& state) {
    auto const& profile = state.profile;
    auto const cannot = incapabilities(profile);
    if (!cannot.empty()) return cannot.front().key + ": " + cannot.front().reason;
    auto* const library = library_for(profile);
    state.context = make_bare_context(library);
    if (!state.context) return take_openssl_error();
    auto* const context = state.context.get();

    if (auto error = apply_offer(context, profile)) return error;
    if (auto error = set_verification(context, profile.verify, library)) return error;
    if (profile.client_certificate)
        if (auto error = set_client_certificate(context, *profile.client_certificate)) return error;
    set_memory_use(context);
    set_sessions(context, profile);
    report_client_events(context);
    report_keys(context, state.key_log);
    return std::nullopt;
}

} // namespace

boost::system::result<std::shared_ptr<ClientContext const>, std::string> ClientContext::make(Profile profile,
                                                                                             KeyLog key_log) {
    auto state = std::make_unique<State>();
    state->profile = std::move(profile);
    state->key_log = std::move(key_log);
    if (auto error = set_up(*state)) return std::move(*error);
    return std::shared_ptr<ClientContext const>(new ClientContext(std::move(state)));
}

ClientContext::ClientContext(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

ClientContext::~ClientContext() = default;

Profile const& ClientContext::profile() const {
    return state_->profile;
}

} // namespace alert40::tls::engine
