#include "tls/engine/client_end.hpp"

#include "tls/engine/certificate_check.hpp"
#include "tls/engine/certificate_summary.hpp"
#include "tls/engine/client_settings.hpp"
#include "tls/engine/openssl_error.hpp"
#include "tls/engine/split_hello.hpp"

namespace alert40::tls::engine {
namespace {

/// "example.com." -> "example.com", "[::1]" -> "::1"
std::string bare_name(std::string name) {
    if (name.ends_with('.')) name.pop_back();
    if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
    return name;
}

constexpr char const* alpn_not_offered = "the server chose an ALPN protocol that we did not offer";

} // namespace

ClientEnd::ClientEnd(std::shared_ptr<ClientContext const> context, ClientOptions options)
    : State(context->state().context.get(), End::client)
    , context_(std::move(context))
    , offer_(std::make_unique<Offer>()) {
    offer_->options = std::move(options);
    offer_->options.target_name = bare_name(std::move(offer_->options.target_name));
    if (profile().resumption) session_key_ = offer_->options.session_key;
    set_up();
}

void ClientEnd::set_up() {
    auto const& options = offer_->options;
    auto const& server_name = profile().server_name;
    auto const& name = server_name.mode == ServerName::Mode::fixed ? server_name.name : options.target_name;
    auto const wanted =
        server_name.mode != ServerName::Mode::none && !name.empty() && !is_address_literal(name);
    if (wanted && SSL_set_tlsext_host_name(ssl.get(), name.c_str()) != 1)
        return fail_locally("the server name does not fit into a ClientHello: " + take_openssl_error());
    if (options.alpn) {
        auto const list = alpn_wire_form(*options.alpn);
        if (!list || SSL_set_alpn_protos(ssl.get(), list->data(), static_cast<unsigned>(list->size())) != 0)
            return fail_locally("the ALPN names do not fit into a ClientHello");
    }
    if (!session_key_.empty() && options.offer_resumption)
        if (auto const session = shared().sessions.take(session_key_, std::time(nullptr)))
            offer_->has_session = SSL_set_session(ssl.get(), session.get()) == 1;
    // RFC 7507 section 4: not with the ClientHello that resumes a session of that version.
    if (options.fallback_scsv && !offer_->has_session) SSL_set_mode(ssl.get(), SSL_MODE_SEND_FALLBACK_SCSV);
}

/// The ClientHello is the first output.
void ClientEnd::after_step() {
    if (!offer_->hello_taken && !io.output().empty()) take_hello();
}

void ClientEnd::take_hello() {
    offer_->hello_taken = true;
    auto& output = io.output();
    if (auto const& split = profile().split_hello; split.mode == SplitHello::Mode::record) {
        auto const flight = split_first_record(output.data(), split.at);
        output.clear();
        output.append(flight);
    }
    handshaking->transcript.set_hello_bytes(output.data());
}

bool ClientEnd::chose_alpn_not_offered() const {
    return progress == Progress::handshaking && handshaking->transcript.chose_alpn_not_offered();
}

void ClientEnd::establish() {
    // Not every version of OpenSSL looks at this.
    if (chose_alpn_not_offered())
        return fail({By::local, phase(), FailureKind::alpn, std::nullopt, alpn_not_offered});
    State::establish();
}

void ClientEnd::about_to_fail() {
    if (progress == Progress::handshaking && offer_ && offer_->has_session)
        shared().sessions.forget(session_key_);
}

void ClientEnd::explain(Failure& why) const {
    if (why.by == By::local && offer_ && !offer_->certificate_refusal.empty()) {
        why.kind = FailureKind::verify;
        why.detail = offer_->certificate_refusal;
    }
    if (chose_alpn_not_offered()) {
        why.kind = FailureKind::alpn;
        why.detail = alpn_not_offered;
    }
}

void ClientEnd::forget_handshake() {
    State::forget_handshake();
    offer_.reset();
}

bool ClientEnd::check_certificates(X509_STORE_CTX* chain) noexcept {
    auto& transcript = handshaking->transcript;
    auto& memory = shared().chains;
    auto const& id = transcript.chain();
    auto summaries = id ? memory.summaries(*id) : nullptr;
    if (!summaries) {
        summaries =
            std::make_shared<CertificateSummaries const>(summarize(X509_STORE_CTX_get0_untrusted(chain)));
        if (id) memory.remember(*id, summaries);
    }
    transcript.set_certificates(*summaries);
    auto const& verify = profile().verify;
    if (verify.mode == Verify::Mode::none) return true;

    auto names = verify.names;
    if (names.empty() && !offer_->options.target_name.empty()) names = {offer_->options.target_name};
    if (engine::check_certificates(chain, names, memory, id)) return true;
    offer_->certificate_refusal = refusal_text(chain, names);
    return false;
}

void ClientEnd::on_session(SessionPtr session) noexcept {
    if (!session_key_.empty()) shared().sessions.put(session_key_, std::move(session));
}

} // namespace alert40::tls::engine
