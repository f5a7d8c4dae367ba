#pragma once

#include "tls/watch/course.hpp"
#include "tls/watch/handshake_watch.hpp"
#include "tls/wire/client_hello.hpp"
#include "tls/wire/handshake_message.hpp"
#include "tls/wire/record.hpp"
#include "tls/wire/server_hello.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alert40::tls::watch {

/// The state of a HandshakeWatch:
///
///     client ----- ClientHello ---------------------> server      undecided -> hello
///            <---- ServerHello ----------------------             -> answered
///     1.3    <==== its flight =======================             -> encrypted, with the ServerHello
///            ===== Finished, or an alert ===========>
///            <==== tickets, data ====================             -> passed
///     1.2    <---- Certificate, ServerKeyExchange ...
///            ----- ClientKeyExchange, ChangeCipherSpec, Finished
///            <---- ChangeCipherSpec, Finished                     -> encrypted, with the first of them
///            ===== data ============================>             -> passed
///
/// At any place an alert (-> failed), or what no handshake has there (-> given up).
class Reading {
  public:
    /// Bytes of one direction that are looked at, at most.
    static constexpr std::size_t max_read = 256 * 1024;
    /// Alerts that are kept; a handshake has one or two.
    static constexpr std::size_t max_alerts = 8;

    explicit Reading(Tools const& tools)
        : tools_(tools) {}

    void feed(Sender sender, wire::Bytes bytes);

    bool done() const;

    Course const& course() const { return course_; }

    Handshake const& handshake() const { return handshake_; }

    std::optional<Failure> const& failure() const { return failure_; }

    std::optional<Failure> ended(By who, FailureKind kind) const;

    wire::Bytes hello_bytes() const;

  private:
    struct Side {
        wire::RecordSplitter records;
        wire::HandshakeSplitter messages;
        std::size_t read = 0; ///< bytes
    };

    struct Streams {
        Side client, server;
    };

    Side& side(Sender sender);

    bool may_begin(Sender sender, wire::Bytes bytes);
    void read(Sender sender, wire::Record const& record);
    void read_unencrypted(Sender sender, wire::Record const& record);
    void change_cipher_spec(Sender sender);
    void alert(Sender sender, wire::Bytes fragment);
    void handshake_record(Sender sender, wire::Record const& record);
    void message(Sender sender, wire::HandshakeMessage const& message);
    void client_hello(wire::Bytes body);
    void server_hello(wire::Bytes body);
    void note_resumption(bool resumed);
    void certificate(Sender sender, wire::Bytes body);
    void key_exchange(wire::Bytes body);
    void application_data(Sender sender, std::size_t size);
    void note_answer_start(wire::Bytes bytes);

    void not_tls() { course_.stage = Stage::not_tls; }

    void malformed(Sender sender);

    void give_up() { given_up_ = true; }

    Tools tools_;
    Course course_;
    Handshake handshake_;
    std::optional<Failure> failure_;
    std::vector<std::uint8_t> hello_bytes_; ///< being gathered while `undecided`
    std::vector<std::uint8_t> session_id_;  ///< that the ClientHello offered
    std::string answer_start_;              ///< of the server, until its first record is whole
    bool offers_early_data_ = false;
    bool retry_requested_ = false; ///< HelloRetryRequest (RFC 8446 section 4.1.4)
    std::uint16_t version_ = 0;    ///< chosen by the server, in either of its hellos; 0: not yet
    bool given_up_ = false;
    std::unique_ptr<Streams> streams_ = std::make_unique<Streams>(); ///< null when done
};

} // namespace alert40::tls::watch
