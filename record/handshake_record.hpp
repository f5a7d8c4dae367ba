#pragma once

#include "record/diagnosis_record.hpp"
#include "record/ladder_record.hpp"
#include "tls/handshake.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace alert40::record {

enum class Side : std::uint8_t { downstream, upstream };
enum class Outcome : std::uint8_t { established, failed, passed };

std::string_view name_of(Side side);
std::string_view name_of(Outcome outcome);

/// Where the handshake went, and by which way.
struct Target {
    std::string host;
    std::uint16_t port = 0;
    /// The IP literal that was connected to; empty: none was. Of a downstream handshake, the app's own.
    std::string address;
    std::string resolver; ///< "system", "udp://9.9.9.9", "pinned"
    std::string via;      ///< "direct", "http://proxy:3128" without credentials

    bool operator==(Target const&) const = default;
};

/// Microseconds from the start of the dial; a part that did not happen is absent.
struct Timing {
    std::optional<std::chrono::microseconds> resolve, connect, first_byte;
    std::chrono::microseconds total{0};

    bool operator==(Timing const&) const = default;
};

/// All that is known of one handshake, either side, as one value. docs/records.md defines each field.
struct HandshakeRecord {
    std::string id; ///< ULID
    std::chrono::system_clock::time_point time;
    Side side = Side::upstream;
    std::string connection; ///< ULID of the connection that this dial was for
    std::string listener;
    std::vector<std::string> rules; ///< every rule that had a say
    std::string profile;            ///< empty: the app's own hello (watched), or we are the server
    std::string mode; ///< "watch": passed through; "intercept": of an app, ended here; empty: a dial of ours
    std::string client; ///< what the app's hello looks like ("Python (OpenSSL 3)"); empty: unknown, or ours
    std::string client_hello; ///< of an app's handshake that failed: the records of its ClientHello, in hex
    unsigned attempt = 1;
    Target target;
    tls::Handshake handshake;
    Outcome outcome = Outcome::established;
    std::optional<tls::Failure> failure; ///< exactly when it failed
    std::string injected_by;             ///< the rule whose faults were at work; empty: none
    Timing timing;
    std::optional<std::string> next; ///< "retry", a profile's name, or absent
    std::vector<std::string> notes;  ///< "weak: TLS 1.0", a SCSV finding

    bool operator==(HandshakeRecord const&) const = default;
};

/// One request and what came in answer, over HTTP, as seen from the origin's side.
struct ExchangeFacts {
    std::string http;                         ///< spoken with the origin: "1.1", "2"
    std::string protocol;                     ///< of an upgrade: "websocket"
    std::optional<std::uint16_t> status;      ///< nothing: no response had begun
    std::optional<std::uint32_t> grpc_status; ///< where that is what failed
    std::uint64_t body_bytes = 0;             ///< of the response, or of what came after an upgrade
    bool unprocessed = false;                 ///< the origin guarantees that it did not act on the request
    std::chrono::microseconds time{0};        ///< since the request was sent

    bool operator==(ExchangeFacts const&) const = default;
};

/// What broke after a handshake: GOAWAY on the preface, alert 116 on the first read, or an exchange.
struct ConnectionFailureRecord {
    std::string id;
    std::chrono::system_clock::time_point time;
    std::string handshake; ///< id of the handshake record
    Side side = Side::upstream;
    std::string connection;
    Target target;
    std::string profile;
    tls::Failure failure;
    std::optional<ExchangeFacts> exchange; ///< that failed, with nothing more to be done about it
    std::optional<std::string> next;
    std::string injected_by; ///< the rule whose faults were at work; empty: none

    bool operator==(ConnectionFailureRecord const&) const = default;
};

/// Anything that can happen, as one value.
using Record = std::variant<HandshakeRecord, ConnectionFailureRecord, LadderRecord, DiagnosisRecord>;

} // namespace alert40::record
