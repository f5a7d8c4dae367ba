#pragma once

#include "tls/failure.hpp"
#include "tls/fingerprint/digests.hpp"
#include "tls/handshake.hpp"
#include "tls/wire/malformed.hpp"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace alert40::tls::watch {

/// What reading needs and this folder has no library for: tls/engine has all of it.
struct Tools {
    fingerprint::Digests digests;
    /// DER certificates, leaf first.
    std::vector<CertificateSummary> (*summarize)(std::span<wire::Bytes const> chain) = nullptr;
};

/// What a watched stream has turned out to be.
enum class Stage : std::uint8_t {
    undecided, ///< too few bytes of the client
    not_tls,   ///< it does not begin with a ClientHello
    hello,     ///< the client has sent its ClientHello, whole
    answered,  ///< the server has sent its ServerHello
    encrypted, ///< what follows cannot be read (TLS 1.3 after ServerHello; up to 1.2 after ChangeCipherSpec)
    passed,    ///< both sides have sent encrypted data beyond their handshake: it is established
    failed,    ///< a fatal alert was read, or the answer to the ClientHello is not TLS
};

/// Reads a handshake between an app and an origin as it passes, from copies of the bytes: both hellos, the
/// certificates where the version shows them, every alert that is not encrypted. It never changes or holds
/// anything back. What is kept is bounded; hostile bytes end the reading, not the stream. In the words of
/// Failure, an alert of the server is `received`, one of the app is `sent`.
class HandshakeWatch {
  public:
    explicit HandshakeWatch(Tools const& tools);
    ~HandshakeWatch();
    HandshakeWatch(HandshakeWatch&&) noexcept;
    HandshakeWatch& operator=(HandshakeWatch&&) noexcept;

    void client_sent(std::span<std::uint8_t const> bytes);
    void server_sent(std::span<std::uint8_t const> bytes);

    Stage stage() const;
    /// Nothing more will be learned: stop feeding, and free this.
    bool done() const;

    Handshake const& handshake() const;
    /// The last stage that was reached.
    Phase phase() const;

    /// The failure that the bytes alone tell: a fatal alert, or an answer that is not TLS. Who sent it is
    /// `by` and the alert's direction; `detail` says after which message ("alert 40 from the server, right
    /// after the ClientHello").
    std::optional<Failure> failure() const;

    /// The stream ended before `passed` by what `kind` says (eof, reset, timeout), first from `who`. Nothing
    /// where that is no failure of the handshake. An encrypted record of the size of an alert right before
    /// the end is named in the detail: in TLS 1.3 that is how an app refuses a certificate.
    std::optional<Failure> ended(By who, FailureKind kind) const;

    /// Bytes of the ClientHello on the wire, record headers included; empty before `hello`.
    std::span<std::uint8_t const> hello_bytes() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace alert40::tls::watch
