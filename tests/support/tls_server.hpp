#pragma once

#include "support/tls_identity.hpp"

#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::test {

using Bytes = std::vector<std::uint8_t>;

/// A real OpenSSL server, over memory. Its defaults: every version, ALPN "h2" then "http/1.1" where the
/// client offers them, an EC certificate for origin.test.
class TlsServer {
  public:
    using Configure = std::function<void(SSL_CTX*)>;
    explicit TlsServer(Identity const& identity, Configure const& configure = {});

    SSL_CTX* context() const { return context_.get(); }

  private:
    std::shared_ptr<SSL_CTX> context_;
};

/// One connection of it.
class ServerConnection {
  public:
    explicit ServerConnection(TlsServer const& server);

    /// Takes what the client sent and goes on with the handshake, or gathers what was said.
    void feed(std::span<std::uint8_t const> bytes);
    /// What the server has to send.
    Bytes take_output();

    bool established() const { return established_; }

    std::string const& received() const { return received_; }

    bool was_closed() const { return closed_; }

    void write(std::string_view text);

    void close() { SSL_shutdown(ssl_.get()); }

    SSL* ssl() const { return ssl_.get(); }

  private:
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    BIO* in_;  ///< of ssl_
    BIO* out_; ///< of ssl_
    std::string received_;
    bool established_ = false;
    bool closed_ = false;
};

} // namespace alert40::test
