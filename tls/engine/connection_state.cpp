#include "tls/engine/connection_state.hpp"

#include "tls/engine/certificate_check.hpp"
#include "tls/engine/certificate_summary.hpp"
#include "tls/engine/client_settings.hpp"
#include "tls/engine/openssl_error.hpp"
#include "tls/engine/refusal.hpp"
#include "tls/engine/split_hello.hpp"

#include <openssl/err.h>

#include <new>

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

Connection::State::State(std::shared_ptr<ClientContext const> made_from, ClientOptions options)
    : context(std::move(made_from))
    , ssl(SSL_new(shared().context.get())) {
    if (!ssl) throw std::bad_alloc{};
    auto* const bio = make_memory_bio(io).release();
    SSL_set_bio(ssl.get(), bio, bio);
    attach(ssl.get(), *this);
    SSL_set_connect_state(ssl.get());
    handshaking = std::make_unique<Handshaking>();
    handshaking->options = std::move(options);
    handshaking->options.target_name = bare_name(std::move(handshaking->options.target_name));
    if (profile().resumption) session_key = handshaking->options.session_key;
    set_up();
}

/// OpenSSL spoils the session of a connection that is freed without close_notify. Only one that was refused
/// deserves it (RFC 5246 section 7.2.2).
Connection::State::~State() {
    if (!failure || failure->kind == FailureKind::eof)
        SSL_set_shutdown(ssl.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

void Connection::State::set_up() {
    auto const& options = handshaking->options;
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
    if (!session_key.empty() && options.offer_resumption)
        if (auto const session = shared().sessions.take(session_key, std::time(nullptr)))
            handshaking->offered_session = SSL_set_session(ssl.get(), session.get()) == 1;
    // RFC 7507 section 4: not with the ClientHello that resumes a session of that version.
    if (options.fallback_scsv && !handshaking->offered_session)
        SSL_set_mode(ssl.get(), SSL_MODE_SEND_FALLBACK_SCSV);
}

void Connection::State::fail(Failure why) {
    if (progress == Progress::handshaking && handshaking && handshaking->offered_session)
        shared().sessions.forget(session_key);
    failure = std::make_unique<Failure>(std::move(why));
    progress = Progress::failed;
}

void Connection::State::fail_locally(std::string detail) {
    fail({By::local, phase(), FailureKind::library, std::nullopt, std::move(detail)});
}

void Connection::State::fail_as_openssl_says(int ssl_error) {
    if (ssl_error == SSL_ERROR_ZERO_RETURN)
        return fail(
            {By::upstream, phase(), FailureKind::eof, std::nullopt, "close_notify instead of an answer"});
    auto why =
        refusal({phase(), last_alert, ERR_peek_error(), handshaking ? handshaking->certificate_refusal : ""});
    ERR_clear_error();
    if (progress == Progress::handshaking && handshaking->transcript.chose_alpn_not_offered()) {
        why.kind = FailureKind::alpn;
        why.detail = alpn_not_offered;
    }
    fail(std::move(why));
}

/// The ClientHello is the first output.
void Connection::State::take_hello() {
    hello_taken = true;
    auto& output = io.output();
    if (auto const& split = profile().split_hello; split.mode == SplitHello::Mode::record) {
        auto const flight = split_first_record(output.data(), split.at);
        output.clear();
        output.append(flight);
    }
    handshaking->transcript.set_hello_bytes(output.data());
}

void Connection::State::establish() {
    // Not every version of OpenSSL looks at this.
    if (handshaking->transcript.chose_alpn_not_offered())
        return fail({By::local, phase(), FailureKind::alpn, std::nullopt, alpn_not_offered});
    progress = Progress::established;
}

void Connection::State::on_handshake_message(Direction direction,
                                             std::span<std::uint8_t const> message) noexcept {
    if (handshaking && progress == Progress::handshaking) handshaking->transcript.add(direction, message);
}

void Connection::State::on_alert(Alert alert) noexcept {
    last_alert = alert;
    if (handshaking) handshaking->transcript.add(alert);
}

bool Connection::State::check_certificates(X509_STORE_CTX* chain) noexcept {
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
    if (names.empty() && !handshaking->options.target_name.empty())
        names = {handshaking->options.target_name};
    if (engine::check_certificates(chain, names, memory, id)) return true;
    handshaking->certificate_refusal = refusal_text(chain, names);
    return false;
}

void Connection::State::on_session(SessionPtr session) noexcept {
    if (!session_key.empty()) shared().sessions.put(session_key, std::move(session));
}

std::string_view Connection::State::alpn() const {
    unsigned char const* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl.get(), &name, &size);
    return {reinterpret_cast<char const*>(name), size};
}

Transfer Connection::State::read_stopped(int ssl_error, std::size_t bytes) {
    if (ssl_error == SSL_ERROR_WANT_READ && end_of_input) {
        fail(
            {By::upstream, phase(), FailureKind::eof, std::nullopt, "the stream ended without close_notify"});
    } else if (ssl_error == SSL_ERROR_ZERO_RETURN) {
        return bytes ? transferred(bytes) : Transfer{Status::closed, 0};
    } else if (ssl_error != SSL_ERROR_WANT_READ) {
        fail_as_openssl_says(ssl_error);
    }
    if (bytes) return transferred(bytes); // what came before the failure; the next read reports it
    return {failure ? Status::failed : Status::want_input, 0};
}

} // namespace alert40::tls::engine
