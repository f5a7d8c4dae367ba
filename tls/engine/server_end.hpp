#pragma once

#include "tls/engine/connection_state.hpp"
#include "tls/engine/faulty_flight.hpp"
#include "tls/engine/server_context_state.hpp"

namespace alert40::tls::engine {

/// The server of a handshake: which identity it shows, what it answers to ALPN, and the client's hello as it
/// came.
class ServerEnd final : public Connection::State {
  public:
    ServerEnd(std::shared_ptr<ServerContext const> context, ServerOptions options);

    void explain(Failure& why) const override;
    void forget_handshake() override;
    void after_step() override;
    bool send_last_alert(Alert alert) override;
    void on_handshake_message(Direction direction, std::span<std::uint8_t const> message) noexcept override;

    /// Any will do: only a server that demands one is asked.
    bool check_certificates(X509_STORE_CTX*) noexcept override { return true; }

    std::optional<std::span<std::uint8_t const>>
    choose_protocol(std::span<std::uint8_t const> offered) noexcept override;

    void on_secret(std::string_view line) noexcept override;

  private:
    /// What is needed only until the handshake is recorded.
    struct Answer {
        ServerOptions options;
        std::vector<std::uint8_t> input; ///< all that came until the ClientHello was whole
        std::optional<FaultyFlight> flight;
    };

    void set_up();

    std::shared_ptr<ServerContext const> context_; ///< shared with every connection of an app
    std::unique_ptr<Answer> answer_;               ///< null after forget_handshake
    Secret traffic_secret_;                        ///< SERVER_TRAFFIC_SECRET_0, if the context tells
    std::uint64_t tickets_ = 0;                    ///< sent under it
};

} // namespace alert40::tls::engine
