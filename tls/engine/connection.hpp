#pragma once

#include "bytes/byte_queue.hpp"
#include "tls/flight_fault.hpp"
#include "tls/handshake.hpp"
#include "tls/profile.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace alert40::tls::engine {

class ClientContext;
class Identity;
class ServerContext;

enum class Progress : std::uint8_t { handshaking, established, failed };

/// What one read or write of plaintext came to.
enum class Status : std::uint8_t {
    ok,         ///< `bytes` were moved
    want_input, ///< nothing more until `feed` brings ciphertext
    closed,     ///< close_notify came (RFC 8446 section 6.1)
    failed,     ///< see `failure`
};

struct Transfer {
    Status status = Status::ok;
    std::size_t bytes = 0;
};

/// What one client connection wants besides its profile.
struct ClientOptions {
    /// Name or address literal of the target: for `server_name = auto` and for checks.
    std::string target_name;
    std::string session_key; ///< sessions are kept and found under this key (origin and path); empty: none
    bool offer_resumption = true;
    bool fallback_scsv = false; ///< TLS_FALLBACK_SCSV (RFC 7507), unless a session is offered
    std::optional<std::vector<std::string>> alpn; ///< instead of the profile's
};

/// What one server connection shows.
struct ServerOptions {
    std::shared_ptr<Identity const> identity;
    std::vector<std::string> alpn; ///< the first of these that the client offers is chosen; none: no answer
    /// A client that offers protocols, but none of these, gets alert 120 (RFC 7301 section 3.2) instead of no
    /// answer.
    bool refuse_without_alpn_overlap = false;
    /// The answer to every client that offers protocols at all, whether or not this one is among them.
    std::optional<std::string> alpn_forced = std::nullopt;
    std::size_t largest_record = 0; ///< bytes of plaintext, from 512 on; 0: as large as can be
    std::optional<FlightFault> fault = std::nullopt; ///< takes a ServerContext that was made with limits
};

/// One TLS connection over memory: ciphertext in and out through spans, plaintext through read and write.
/// No socket, no clock, no thread of its own; used by one thread at a time.
///
///     feed(bytes) -> advance() ... established -> read(), write()
///                 \-> output(): what has to be sent now, at any time, a fatal alert included
class Connection {
  public:
    /// Never fails: what is wrong shows as `failed` in `advance`.
    static std::unique_ptr<Connection> make_client(std::shared_ptr<ClientContext const> context,
                                                   ClientOptions options);
    /// The server's side, for an app. Its failures are `by` downstream where the client ended it; the
    /// transcript is read from the server's end: `offered` is what the client offered, `certificates` what we
    /// showed.
    ///
    /// A client that does not trust our certificate shows in one of four ways, all of kind `alert` (42 to 46,
    /// 48) or `eof`:
    ///   - in the handshake (nearly all do, in every version): `advance` fails in phase `certificate`;
    ///   - after it, since it looked at the certificate only then: the first `read` fails with the alert, in
    ///     phase `finished`. After a byte of plaintext the same alert is one of phase `after`;
    ///   - by the end of its stream in the handshake (Node): kind `eof`, phase `certificate`. A reset only
    ///   the
    ///     caller sees; `phase` tells the phase for it;
    ///   - by the end of its stream after the handshake, before any plaintext: the first `read` is `closed`,
    ///     or fails with `eof` in phase `after`. It may as well have changed its mind.
    static std::unique_ptr<Connection> make_server(std::shared_ptr<ServerContext const> context,
                                                   ServerOptions options);
    ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    /// Hands over ciphertext from the peer. Borrowed until consumed: call `keep_input` before the bytes go
    /// away.
    void feed(std::span<std::uint8_t const> from_peer);
    /// Copies what was fed and not yet consumed (usually nothing) into memory of its own.
    void keep_input();
    /// True while bytes that were fed, or decrypted ones, wait to be read.
    bool has_buffered_input() const;
    /// The peer's stream ended, without or after close_notify; the handshake or the next read reports it.
    void feed_eof();

    /// Ciphertext that waits to be sent.
    bytes::ByteQueue& output();

    /// Drives the handshake as far as the input goes.
    Progress advance();
    /// The last stage that was reached, for a failure that only the caller can see (a reset, a deadline).
    Phase phase() const;
    /// After `failed`, from `advance`, `read` or `write`.
    tls::Failure const& failure() const;

    /// Decrypts into `into`; fills it as far as the input goes, over several records.
    Transfer read(std::span<std::uint8_t> into);
    /// Encrypts all of `from` into `output()`; the caller bounds what it writes. TLS 1.2 renegotiation is
    /// refused.
    Transfer write(std::span<std::uint8_t const> from);
    /// Sends close_notify.
    void close();
    /// Of a server that was made with limits, right after its handshake: sends this alert, and nothing after
    /// it. False where it cannot be made: before TLS 1.2, or the cipher is not AES-GCM or ChaCha20-Poly1305.
    bool send_last_alert(AlertLevel level, AlertDescription description);

    /// The protocol chosen by ALPN; empty: none.
    std::string_view alpn() const;
    /// What the bytes said so far; moves nothing.
    Handshake const& handshake() const;
    /// The wire form of the ClientHello flight that was sent, or of a server that came, record headers
    /// included; kept until `forget_handshake`. Empty of a server until the hello is whole, and where it is
    /// larger than any that makes sense (64 KiB).
    std::span<std::uint8_t const> hello_bytes() const;
    /// The ClientHello flight was changed on its way, and left like this: so it is recorded.
    void hello_left_as(std::span<std::uint8_t const> flight);
    /// Drops what is kept for the record, once it has been written: an established connection stays small.
    void forget_handshake();

    struct State; ///< for the engine alone

  private:
    explicit Connection(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace alert40::tls::engine
