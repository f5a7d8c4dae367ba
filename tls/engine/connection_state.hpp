#pragma once

#include "tls/engine/answer_start.hpp"
#include "tls/engine/connection.hpp"
#include "tls/engine/memory_bio.hpp"
#include "tls/engine/ssl_events.hpp"
#include "tls/engine/transcript.hpp"

namespace alert40::tls::engine {

/// Behind a Connection: the SSL, its two ends of ciphertext, and what it calls back for. What both roles
/// share; ClientEnd and ServerEnd add theirs.
struct Connection::State : SslEvents {
    State(SSL_CTX* shared, End which);
    virtual ~State();

    void fail(Failure why);
    void fail_locally(std::string detail);
    void fail_as_peer(FailureKind kind, std::string detail);
    /// OpenSSL said neither yes nor "more".
    void fail_as_openssl_says(int ssl_error);

    // What a role does besides.
    virtual void after_step() {} ///< OpenSSL has gone on with the handshake

    virtual void establish() { progress = Progress::established; }

    virtual void about_to_fail() {}

    virtual void explain(Failure&) const {} ///< says more of what OpenSSL reported

    virtual void forget_handshake() { handshaking.reset(); }

    virtual bool send_last_alert(Alert) { return false; }

    /// The peer sends no more: it said so, or its stream ended.
    bool ended() const { return end_of_input || (SSL_get_shutdown(ssl.get()) & SSL_RECEIVED_SHUTDOWN); }

    Transfer transferred(std::size_t bytes);
    Transfer read_stopped(int ssl_error, std::size_t bytes);

    void on_handshake_message(Direction direction, std::span<std::uint8_t const> message) noexcept override;
    void on_alert(Alert alert) noexcept override;

    Phase phase() const {
        if (progress == Progress::established || !handshaking) return Phase::after;
        return handshaking->transcript.phase();
    }

    std::string_view alpn() const;

    /// What is needed only until the handshake is recorded.
    struct Handshaking {
        explicit Handshaking(End end)
            : transcript(end)
            , start(end) {}

        Transcript transcript;
        AnswerStart start;
    };

    MemoryIo io;
    SslPtr ssl;                               ///< after `io`, which its BIO borrows
    std::unique_ptr<Handshaking> handshaking; ///< null after forget_handshake
    std::unique_ptr<Failure> failure;
    std::optional<Alert> last_alert;
    End const end;
    Progress progress = Progress::handshaking;
    bool end_of_input = false;
    bool has_read = false;  ///< plaintext came
    bool said_last = false; ///< nothing is sent any more: OpenSSL would count the records wrongly
};

} // namespace alert40::tls::engine
