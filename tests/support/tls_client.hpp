#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::test {

/// A real OpenSSL client, over memory: for what our own client never does. It trusts nothing and checks
/// nothing unless told to.
class TlsClient {
  public:
    using Bytes = std::vector<std::uint8_t>;
    explicit TlsClient(std::function<void(SSL_CTX*)> const& configure = {});

    /// Takes what the server sent, goes on with the handshake, and returns what there is to send.
    Bytes step(std::span<std::uint8_t const> from_server = {});
    Bytes write(std::string_view text);

    bool established() const { return SSL_is_init_finished(ssl_.get()) == 1; }

    SSL* ssl() const { return ssl_.get(); }

    /// A fatal alert as a client of TLS 1.3 sends it after the handshake: its first record. The suite has to
    /// be TLS_AES_128_GCM_SHA256.
    Bytes first_alert(std::uint8_t description) const;

  private:
    Bytes take_output();

    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    std::string traffic_secret_; ///< hex
    BIO* in_;                    ///< of ssl_
    BIO* out_;                   ///< of ssl_
};

} // namespace alert40::test
