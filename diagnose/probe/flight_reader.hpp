#pragma once

#include "diagnose/probe/answer.hpp"
#include "tls/engine/answer_start.hpp"
#include "tls/engine/client_keys.hpp"
#include "tls/engine/flight_opener.hpp"
#include "tls/wire/handshake_message.hpp"
#include "tls/wire/record.hpp"
#include "tls/wire/server_hello.hpp"

#include <span>

namespace alert40::diagnose {

/// Reads the first flight of a server: bytes in, an Answer out. It believes nothing: neither certificates nor
/// signatures are checked, and all that comes is bounded.
///
///     ClientHello ---->
///                 <---- ServerHello, Certificate, ServerKeyExchange, CertificateRequest,
///                 ServerHelloDone   1.2
///                 <---- ServerHello, {EncryptedExtensions, CertificateRequest, Certificate,
///                                     CertificateVerify,
///                                     Finished}                                         1.3
///                 <----
///                 HelloRetryRequest                                                                  1.3
class FlightReader {
  public:
    static constexpr std::size_t most_bytes = 256 * 1024, most_messages = 32, most_records = 512;

    /// `hello` is what was sent, as a handshake message. `keys`, borrowed, may be null: then nothing that is
    /// encrypted is opened.
    FlightReader(std::vector<std::uint8_t> hello, tls::engine::ClientKeys const* keys);

    /// The next bytes. True: there is nothing more to wait for.
    bool feed(std::span<std::uint8_t const> bytes);
    /// It ends here: the end of the stream, a reset, a time-out.
    void end(tls::FailureKind kind, std::string detail);

    bool over() const { return over_; }

    Answer const& answer() const { return answer_; }

  private:
    using Bytes = std::span<std::uint8_t const>;

    void take(tls::wire::Record const& record);
    void take_content(tls::wire::ContentType type, Bytes content);
    void take_sealed(Bytes record);
    void take_alert(Bytes fragment);
    void take_messages(Bytes fragment);
    void take(tls::wire::HandshakeMessage const& message);
    void server_hello(tls::wire::HandshakeMessage const& message);
    void open_what_follows(tls::wire::ServerHello const& hello, Bytes message);
    void encrypted_extensions(Bytes body);
    void certificate(Bytes body);
    void key_exchange(Bytes body);
    void note_extensions(std::vector<tls::wire::Extension> const& extensions);
    void finish();
    void fail(tls::By by, tls::FailureKind kind, std::string detail);
    void malformed(std::string what);
    bool is_tls13() const;

    std::vector<std::uint8_t> hello_;
    tls::engine::ClientKeys const* keys_;
    tls::engine::AnswerStart start_{tls::engine::End::client};
    tls::wire::RecordSplitter records_;
    tls::wire::HandshakeSplitter messages_;
    std::optional<tls::engine::FlightOpener> opener_;
    Answer answer_;
    tls::Phase phase_ = tls::Phase::client_hello;
    std::size_t records_read_ = 0;
    bool over_ = false;
};

} // namespace alert40::diagnose
