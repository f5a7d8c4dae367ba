#pragma once

#include "support/tls_server.hpp"
#include "tls/engine/client_context.hpp"
#include "tls/engine/connection.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::test {

/// The authority, its certificate as a file, and an identity for origin.test: made once for all tests.
struct World {
    Identity authority = make_authority();
    Identity origin = make_identity({}, &authority);
    TemporaryFile ca{authority.certificate_pem()};
};

World const& world();

/// A profile that trusts the world's authority.
tls::Profile trusting_profile();
std::shared_ptr<tls::engine::ClientContext const> make_context(tls::Profile profile);
tls::engine::ClientOptions for_origin();

/// One client and one server, and what passes between them.
class Conversation {
  public:
    Conversation(std::shared_ptr<tls::engine::ClientContext const> context, TlsServer const& server,
                 tls::engine::ClientOptions options = for_origin());

    /// Passes bytes to and fro until both are silent.
    void run();
    /// The same; what the server sends goes through `on_path` first.
    void run(std::function<Bytes(Bytes)> const& on_path);

    tls::engine::Connection& client() { return *client_; }

    ServerConnection& server() { return server_; }

    tls::engine::Progress progress() { return client_->advance(); }

    /// What the client reads until it has to wait; the status that stopped it in `last`.
    std::string read_all();
    tls::engine::Status last = tls::engine::Status::ok;

    std::size_t client_gets_at_once = 65536; ///< bytes

  private:
    std::unique_ptr<tls::engine::Connection> client_;
    ServerConnection server_;
};

std::span<std::uint8_t const> bytes_of(std::string_view text);
/// The server speaks this version alone.
void only_version(SSL_CTX* context, int version);

/// The records of a flight, each with its header.
std::vector<Bytes> records_of(std::span<std::uint8_t const> flight);

} // namespace alert40::test
