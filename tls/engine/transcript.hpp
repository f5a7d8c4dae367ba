#pragma once

#include "tls/engine/chain_memory.hpp"
#include "tls/failure.hpp"
#include "tls/handshake.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace alert40::tls::engine {

/// What the messages of a client's handshake say, gathered as they pass.
class Transcript {
  public:
    /// A whole handshake message with its 4-byte header.
    void add(Direction direction, std::span<std::uint8_t const> message);
    void add(Alert alert);
    /// The flight with the ClientHello as it leaves, record headers included.
    void set_hello_bytes(std::span<std::uint8_t const> flight);

    Handshake const& handshake() const { return handshake_; }

    void set_certificates(CertificateSummaries certificates) {
        handshake_.certificates = std::move(certificates);
    }

    std::span<std::uint8_t const> hello_bytes() const { return hello_bytes_; }

    bool chose_alpn_not_offered() const;

    /// The last stage that was reached.
    Phase phase() const { return phase_; }

    /// Of the Certificate message that came last.
    std::optional<ChainId> const& chain() const { return chain_; }

  private:
    using Body = std::span<std::uint8_t const>;
    void sent(std::uint8_t type, Body body);
    void received(std::uint8_t type, Body body);
    void offered(Body client_hello);
    void answered(Body server_hello);
    void certificate_requested();
    bool is_tls13() const;

    Handshake handshake_;
    std::vector<std::uint8_t> hello_bytes_;
    std::vector<std::uint8_t> session_id_; ///< that the ClientHello offered
    std::optional<ChainId> chain_;
    std::uint16_t version_ = 0; ///< chosen by the server; 0: not yet
    Phase phase_ = Phase::client_hello;
};

} // namespace alert40::tls::engine
