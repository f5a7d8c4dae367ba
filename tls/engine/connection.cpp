#include "tls/engine/connection.hpp"

#include "tls/engine/answer_start.hpp"
#include "tls/engine/certificate_check.hpp"
#include "tls/engine/certificate_summary.hpp"
#include "tls/engine/client_context_state.hpp"
#include "tls/engine/client_settings.hpp"
#include "tls/engine/memory_bio.hpp"
#include "tls/engine/openssl_error.hpp"
#include "tls/engine/refusal.hpp"
#include "tls/engine/split_hello.hpp"
#include "tls/engine/ssl_events.hpp"
#include "tls/engine/transcript.hpp"

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

/// What is needed only until the handshake is recorded.
struct Handshaking {
    Transcript transcript;
    AnswerStart answer;
    ClientOptions options;
    std::string certificate_refusal;
    bool offered_session = false;
};

} // namespace

struct Connection::State final : SslEvents {
    State(std::shared_ptr<ClientContext const> made_from, ClientOptions options);
    ~State();

    void set_up();
    void fail(Failure why);
    void fail_locally(std::string detail);
    /// OpenSSL said neither yes nor "more".
    void fail_as_openssl_says(int ssl_error);
    void take_hello();
    void establish();

    Transfer transferred(std::size_t bytes) const { return {Status::ok, bytes}; }

    Transfer read_stopped(int ssl_error, std::size_t bytes);

    void on_handshake_message(Direction direction, std::span<std::uint8_t const> message) noexcept override;
    void on_alert(Alert alert) noexcept override;
    bool check_certificates(X509_STORE_CTX* chain) noexcept override;
    void on_session(SessionPtr session) noexcept override;

    Profile const& profile() const { return context->profile(); }

    ClientContext::State& shared() const { return context->state(); }

    Phase phase() const {
        if (progress == Progress::established || !handshaking) return Phase::after;
        return handshaking->transcript.phase();
    }

    std::string_view alpn() const;

    std::shared_ptr<ClientContext const> context; ///< shared with every connection of the profile
    MemoryIo io;
    SslPtr ssl;                               ///< after `io`, which its BIO borrows
    std::unique_ptr<Handshaking> handshaking; ///< null after forget_handshake
    std::unique_ptr<Failure> failure;
    std::string session_key; ///< tickets come after the handshake
    std::optional<Alert> last_alert;
    Progress progress = Progress::handshaking;
    bool end_of_input = false;
    bool hello_taken = false;
};

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

std::unique_ptr<Connection> Connection::make_client(std::shared_ptr<ClientContext const> context,
                                                    ClientOptions options) {
    return std::unique_ptr<Connection>(
        new Connection(std::make_unique<State>(std::move(context), std::move(options))));
}

Connection::Connection(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

Connection::~Connection() = default;

void Connection::feed(std::span<std::uint8_t const> from_peer) {
    auto& state = *state_;
    state.io.feed(from_peer);
    if (state.progress != Progress::handshaking) return;
    if (auto what = state.handshaking->answer.look(from_peer))
        state.fail({By::upstream, state.phase(), FailureKind::not_tls, std::nullopt, std::move(*what)});
}

void Connection::keep_input() {
    state_->io.keep();
}

bool Connection::has_buffered_input() const {
    return state_->io.has_input() || SSL_pending(state_->ssl.get()) > 0;
}

void Connection::feed_eof() {
    state_->end_of_input = true;
}

bytes::ByteQueue& Connection::output() {
    return state_->io.output();
}

Progress Connection::advance() {
    auto& state = *state_;
    if (state.progress != Progress::handshaking) return state.progress;
    ERR_clear_error();
    auto const result = SSL_do_handshake(state.ssl.get());
    auto const error = SSL_get_error(state.ssl.get(), result);
    if (!state.hello_taken && !state.io.output().empty()) state.take_hello();
    if (result == 1)
        state.establish();
    else if (error != SSL_ERROR_WANT_READ)
        state.fail_as_openssl_says(error);
    else if (state.end_of_input)
        state.fail({By::upstream, state.phase(), FailureKind::eof, std::nullopt,
                    "the stream ended in the handshake"});
    return state.progress;
}

tls::Failure const& Connection::failure() const {
    return *state_->failure;
}

Transfer Connection::read(std::span<std::uint8_t> into) {
    auto& state = *state_;
    if (state.progress != Progress::established)
        return {state.failure ? Status::failed : Status::want_input, 0};
    std::size_t total = 0;
    while (total < into.size()) {
        if (total && !has_buffered_input()) break;
        ERR_clear_error();
        std::size_t n = 0;
        auto const result = SSL_read_ex(state.ssl.get(), into.data() + total, into.size() - total, &n);
        if (result != 1) return state.read_stopped(SSL_get_error(state.ssl.get(), result), total);
        total += n;
    }
    return state.transferred(total);
}

Transfer Connection::write(std::span<std::uint8_t const> from) {
    auto& state = *state_;
    if (state.progress != Progress::established)
        return {state.failure ? Status::failed : Status::want_input, 0};
    if (from.empty()) return state.transferred(0);
    constexpr std::size_t record_size = 16 * 1024,
                          record_overhead = 5 + 8 + 16 + 48 + 16; // the worst of all versions
    state.io.output().prepare(from.size() + (from.size() / record_size + 1) * record_overhead);
    ERR_clear_error();
    std::size_t n = 0;
    auto const result = SSL_write_ex(state.ssl.get(), from.data(), from.size(), &n);
    if (result == 1) return state.transferred(n);
    state.fail_as_openssl_says(SSL_get_error(state.ssl.get(), result));
    return {Status::failed, 0};
}

void Connection::close() {
    if (state_->progress != Progress::established) return;
    ERR_clear_error();
    SSL_shutdown(state_->ssl.get());
    ERR_clear_error();
}

std::string_view Connection::alpn() const {
    return state_->alpn();
}

Handshake const& Connection::handshake() const {
    static Handshake const forgotten;
    return state_->handshaking ? state_->handshaking->transcript.handshake() : forgotten;
}

std::span<std::uint8_t const> Connection::hello_bytes() const {
    if (!state_->handshaking) return {};
    return state_->handshaking->transcript.hello_bytes();
}

void Connection::forget_handshake() {
    if (state_->progress != Progress::handshaking) state_->handshaking.reset();
}

} // namespace alert40::tls::engine
