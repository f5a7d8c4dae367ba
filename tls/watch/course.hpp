#pragma once

#include "tls/failure.hpp"
#include "tls/watch/handshake_watch.hpp"

#include <optional>
#include <string_view>

namespace alert40::tls::watch {

enum class Sender : std::uint8_t { client, server };

/// What one side has sent of what cannot be read.
struct Hidden {
    /// Up to TLS 1.2: its ChangeCipherSpec has passed. In TLS 1.3: an encrypted record has.
    bool begun = false;
    bool finished = false; ///< its Finished has passed; of a TLS 1.3 server that cannot be told
    bool more = false;     ///< of the client: something after its Finished; of the server: after the client's
    bool alerted = false;  ///< its last record is an alert, or, in TLS 1.3, has the size of one
};

/// How far a handshake has come: all that its end is judged by.
struct Course {
    Stage stage = Stage::undecided;
    Phase phase = Phase::client_hello;
    std::string_view last = "the first bytes of the ClientHello"; ///< the message that passed last
    bool tls13 = false;                                           ///< chosen by the server
    bool resumed = false;
    bool early_data = false;           ///< the client has sent some (RFC 8446 section 2.3)
    std::optional<Alert> said_goodbye; ///< close_notify, readable
    bool left_at_once = false; ///< the client's Finished, then an alert of its own, and nothing in between
    std::uint16_t cipher_suite = 0;
    Hidden client, server;

    Hidden& hidden(Sender sender) { return sender == Sender::client ? client : server; }
};

/// A fatal alert that could be read.
Failure refusal(Course const& course, Alert const& alert);

/// The stream ended there. Nothing where that is no failure of the handshake.
std::optional<Failure> ending(Course const& course, By who, FailureKind kind);

} // namespace alert40::tls::watch
