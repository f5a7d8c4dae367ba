#pragma once

#include "tls/engine/chain_memory.hpp"
#include "tls/failure.hpp"
#include "tls/handshake.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace alert40::tls::engine {

/// Which end of a handshake we are.
enum class End : std::uint8_t { client, server };

/// What the messages of a handshake say, gathered as they pass.
class Transcript {
  public:
    explicit Transcript(End end)
        : end_(end) {}

    /// A whole handshake message with its 4-byte header.
    void add(Direction direction, std::span<std::uint8_t const> message);
    void add(Alert alert);
    /// The flight with the ClientHello as it leaves or comes, record headers included.
    void set_hello_bytes(std::span<std::uint8_t const> flight);

    /// One that was changed behind our back.
    void hello_left_as(std::span<std::uint8_t const> flight);

    Handshake const& handshake() const { return handshake_; }

    void set_certificates(CertificateSummaries certificates) {
        handshake_.certificates = std::move(certificates);
    }

    std::span<std::uint8_t const> hello_bytes() const { return hello_bytes_; }

    bool chose_alpn_not_offered() const;

    /// The last stage that was reached. For a server it is the last that the client can have an opinion of: a
    /// flight of ours goes out at once, but until the client has answered it, a refusal is about the
    /// certificate in it.
    Phase phase() const { return phase_; }

    /// Of a client: of the Certificate message that came last.
    std::optional<ChainId> const& chain() const { return chain_; }

  private:
    using Body = std::span<std::uint8_t const>;
    void client_said(std::uint8_t type, Body body);
    void server_said(std::uint8_t type, Body body);
    void advance_client(std::uint8_t type, bool from_client);
    void advance_server(std::uint8_t type, bool from_client);
    void offered(Body client_hello);
    void answered(Body server_hello);
    bool is_tls13() const;

    End end_;
    Handshake handshake_;
    std::vector<std::uint8_t> hello_bytes_;
    std::vector<std::uint8_t> session_id_; ///< that the ClientHello offered
    std::optional<ChainId> chain_;
    std::uint16_t version_ = 0; ///< chosen by the server; 0: not yet
    Phase phase_ = Phase::client_hello;
};

} // namespace alert40::tls::engine
