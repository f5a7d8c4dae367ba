#pragma once

#include "tls/alert.hpp"
#include "tls/engine/client_context.hpp"
#include "tls/engine/openssl_handles.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace alert40::tls::engine {

/// What OpenSSL calls back for, per connection. No exception leaves these: OpenSSL's frames are C.
class SslEvents {
  public:
    /// A whole handshake message with its header, decrypted.
    virtual void on_handshake_message(Direction direction,
                                      std::span<std::uint8_t const> message) noexcept = 0;
    virtual void on_alert(Alert alert) noexcept = 0;

    /// The peer's chain has come. True to go on; what is wrong is set in `chain`.
    virtual bool check_certificates(X509_STORE_CTX*) noexcept { return false; }

    /// Of a client: a session that can be resumed.
    virtual void on_session(SessionPtr) noexcept {}

    /// Of a server: the protocol to answer with, out of those that the client offers (a ProtocolNameList
    /// without its length, RFC 7301 section 3.1). Empty for no answer, nothing to refuse with alert 120. The
    /// answer is copied, and not compared with what is offered.
    virtual std::optional<std::span<std::uint8_t const>>
    choose_protocol(std::span<std::uint8_t const>) noexcept {
        return std::span<std::uint8_t const>{};
    }

    /// Of a server whose context tells its secrets: a line of the NSS key log format.
    virtual void on_secret(std::string_view) noexcept {}

  protected:
    ~SslEvents() = default;
};

// Every connection made from `context` reports; `attach` must follow SSL_new.
void report_client_events(SSL_CTX* context);
void report_server_events(SSL_CTX* context);
/// Borrows `key_log`, for the life of `context`; an empty one is not asked.
void report_keys(SSL_CTX* context, KeyLog const& key_log);
/// The same, and each connection hears of its own.
void report_secrets(SSL_CTX* context, KeyLog const& key_log);
/// Borrows `events`, for the life of `ssl`.
void attach(SSL* ssl, SslEvents& events);

} // namespace alert40::tls::engine
