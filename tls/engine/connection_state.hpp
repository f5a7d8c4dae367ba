#pragma once

#include "tls/engine/answer_start.hpp"
#include "tls/engine/client_context_state.hpp"
#include "tls/engine/connection.hpp"
#include "tls/engine/memory_bio.hpp"
#include "tls/engine/ssl_events.hpp"
#include "tls/engine/transcript.hpp"

namespace alert40::tls::engine {

/// What is needed only until the handshake is recorded.
struct Handshaking {
    Transcript transcript;
    AnswerStart answer;
    ClientOptions options;
    std::string certificate_refusal;
    bool offered_session = false;
};

/// Behind a Connection: the SSL, its two ends, and what it calls back for.
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

    /// The peer sends no more: it said so, or its stream ended.
    bool ended() const { return end_of_input || (SSL_get_shutdown(ssl.get()) & SSL_RECEIVED_SHUTDOWN); }

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

} // namespace alert40::tls::engine
