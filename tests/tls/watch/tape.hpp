#pragma once

#include "support/tls_server.hpp"
#include "tls/watch/handshake_watch.hpp"

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace alert40::test {

/// What passed a watched connection, in order.
struct Piece {
    bool from_client = false;
    Bytes bytes;
};

using Tape = std::vector<Piece>;

/// An authority, and an identity for origin.test that it signed: made once for all tests.
struct Issued {
    Identity authority = make_authority();
    Identity origin = make_identity({}, &authority);
};

Issued const& issued();

/// A real OpenSSL client of origin.test, which offers h2 and http/1.1 and trusts the authority.
class TappedClient {
  public:
    using Configure = std::function<void(SSL_CTX*)>;
    explicit TappedClient(Configure const& configure = {});

    SSL_CTX* context() const { return context_.get(); }

  private:
    std::shared_ptr<SSL_CTX> context_;
};

/// A client and a server, and everything that passes between them on a tape.
class TappedConversation {
  public:
    TappedConversation(TappedClient const& client, TlsServer const& server);

    /// Passes bytes to and fro until both are silent.
    TappedConversation& run();
    TappedConversation& client_writes(std::string_view text);
    TappedConversation& client_writes_early(std::string_view text);
    TappedConversation& server_writes(std::string_view text);
    TappedConversation& client_closes();
    /// Up to TLS 1.2, and in TLS 1.3 once the tickets were read.
    std::shared_ptr<SSL_SESSION> session();
    TappedConversation& resume(SSL_SESSION* session);

    SSL* client() const { return ssl_.get(); }

    ServerConnection& server() { return server_; }

    Tape const& tape() const { return tape_; }

  private:
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    ServerConnection server_;
    Tape tape_;
};

Tape operator+(Tape tape, Piece piece);
Piece client_sends(Bytes bytes);
Piece server_sends(Bytes bytes);

/// The tools of the proxy: tls/engine has them all.
tls::watch::Tools tools();

/// A watch that has seen the tape. It was played in pieces of 1, 7 and 1000 bytes, too, and had to tell the
/// same.
tls::watch::HandshakeWatch watched(Tape const& tape);
/// The same without the comparison.
tls::watch::HandshakeWatch played(Tape const& tape, std::size_t piece = 1 << 20);

/// Bytes of one direction.
Bytes sent_by(bool client, Tape const& tape);

} // namespace alert40::test
