#pragma once

#include "tls/alert.hpp"
#include "tls/engine/openssl_handles.hpp"

#include <cstdint>
#include <span>

namespace alert40::tls::engine {

/// What OpenSSL calls back for, per connection. No exception leaves these: OpenSSL's frames are C.
class SslEvents {
  public:
    /// A whole handshake message with its header, decrypted.
    virtual void on_handshake_message(Direction direction,
                                      std::span<std::uint8_t const> message) noexcept = 0;
    virtual void on_alert(Alert alert) noexcept = 0;
    /// The peer's chain has come. True to go on; what is wrong is set in `chain`.
    virtual bool check_certificates(X509_STORE_CTX* chain) noexcept = 0;
    /// A session that can be resumed.
    virtual void on_session(SessionPtr session) noexcept = 0;

  protected:
    ~SslEvents() = default;
};

/// Every connection made from `context` reports; `attach` must follow SSL_new.
void report_events(SSL_CTX* context);
/// Borrows `events`, for the life of `ssl`.
void attach(SSL* ssl, SslEvents& events);

} // namespace alert40::tls::engine
