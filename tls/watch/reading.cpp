#include "tls/watch/reading.hpp"

#include "tls/fingerprint/ja3.hpp"
#include "tls/fingerprint/ja4.hpp"
#include "tls/version.hpp"
#include "tls/watch/hidden_record.hpp"
#include "tls/watch/message_name.hpp"
#include "tls/wire/alert_message.hpp"
#include "tls/wire/certificate_message.hpp"
#include "tls/wire/describe.hpp"
#include "tls/wire/server_key_exchange.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace alert40::tls::watch {
namespace {

using wire::Bytes;
using wire::ContentType;
using wire::HandshakeType;

constexpr auto tls1_2 = static_cast<std::uint16_t>(ProtocolVersion::tls1_2);
constexpr auto early_data_extension = static_cast<wire::ExtensionType>(42);

Direction direction_of(Sender sender) {
    return sender == Sender::client ? Direction::sent : Direction::received;
}

} // namespace

void Reading::feed(Sender sender, Bytes bytes) {
    if (done() || bytes.empty()) return;
    if (may_begin(sender, bytes)) {
        auto& from = side(sender);
        auto const looked_at = bytes.first(std::min(bytes.size(), max_read - from.read));
        if (sender == Sender::server) note_answer_start(looked_at);
        from.records.feed(looked_at);
        from.read += looked_at.size();
        while (!done()) {
            auto const record = from.records.next();
            if (!record) break;
            read(sender, *record);
        }
        if (!done() && from.records.malformed()) malformed(sender);
        if (!done() && from.read == max_read) give_up();
    }
    if (done()) {
        streams_.reset();
        session_id_ = {};
        answer_start_ = {};
        if (!handshake_.offered) hello_bytes_ = {};
    }
}

bool Reading::done() const {
    return given_up_ || course_.stage == Stage::not_tls || course_.stage == Stage::passed ||
           course_.stage == Stage::failed;
}

std::optional<Failure> Reading::ended(By who, FailureKind kind) const {
    if (failure_) return failure_;
    if (given_up_ || (streams_ && streams_->client.read == 0)) return std::nullopt;
    auto failure = ending(course_, who, kind);
    if (failure && !handshake_.alerts.empty()) failure->alert = handshake_.alerts.back();
    return failure;
}

Bytes Reading::hello_bytes() const {
    return handshake_.offered ? Bytes{hello_bytes_} : Bytes{};
}

Reading::Side& Reading::side(Sender sender) {
    return sender == Sender::client ? streams_->client : streams_->server;
}

/// A client begins with a handshake record of version 3.x, and a server never speaks first.
bool Reading::may_begin(Sender sender, Bytes bytes) {
    constexpr std::array<std::uint8_t, 2> start = {static_cast<std::uint8_t>(ContentType::handshake), 3};
    auto const& from = side(sender);
    if (sender == Sender::server) {
        if (streams_->client.read == 0) not_tls();
    } else {
        for (auto at = from.read; at < start.size() && at - from.read < bytes.size(); ++at)
            if (bytes[at - from.read] != start[at]) not_tls();
    }
    return !done();
}

void Reading::read(Sender sender, wire::Record const& record) {
    auto& from = course_.hidden(sender);
    if (course_.tls13 || !from.begun) return read_unencrypted(sender, record);
    // Up to TLS 1.2 the types of encrypted records can be read.
    from.alerted = record.header.type == ContentType::alert;
    if (from.alerted && sender == Sender::client && course_.server.finished && from.finished && !from.more)
        course_.left_at_once = true;
    if (record.header.type == ContentType::handshake) {
        from.finished = true;
        course_.last = name_of_finished(sender);
    }
    if (record.header.type == ContentType::application_data) application_data(sender, record.fragment.size());
}

void Reading::read_unencrypted(Sender sender, wire::Record const& record) {
    switch (record.header.type) {
    case ContentType::change_cipher_spec: return change_cipher_spec(sender);
    case ContentType::alert: return alert(sender, record.fragment);
    case ContentType::handshake: return handshake_record(sender, record);
    case ContentType::application_data: return application_data(sender, record.fragment.size());
    case ContentType::heartbeat: return give_up();
    }
}

/// In TLS 1.3 it is there for middleboxes only, and may come before the version is known (RFC 8446 appendix
/// D.4).
void Reading::change_cipher_spec(Sender sender) {
    if (course_.stage == Stage::undecided) return not_tls();
    if (version_ == 0 || version_ > tls1_2) return;
    course_.hidden(sender).begun = true;
    course_.stage = Stage::encrypted;
    course_.last = sender == Sender::client ? "the app's ChangeCipherSpec" : "the server's ChangeCipherSpec";
    // Certificate and Finished of a client leave together, and a refusal after them is about the certificate.
    if (sender == Sender::server || !handshake_.certificate_requested) course_.phase = Phase::finished;
    // Whoever brings no certificate and no keys resumes (RFC 5077 section 3.1: the session id need not tell).
    if (sender == Sender::server && !course_.client.begun) note_resumption(true);
}

/// What a server resumes was offered, also where the hello alone does not tell.
void Reading::note_resumption(bool resumed) {
    course_.resumed = resumed;
    handshake_.negotiated->resumed = resumed;
    if (resumed) handshake_.offered->resumption = true;
}

void Reading::alert(Sender sender, Bytes fragment) {
    if (course_.stage == Stage::undecided && sender == Sender::client) return not_tls();
    auto const alert = wire::parse_alert(fragment, direction_of(sender));
    if (!alert) return give_up();
    if (alert->description == AlertDescription::close_notify) {
        course_.said_goodbye = *alert;
        return;
    }
    handshake_.alerts.push_back(*alert);
    if (alert->level == AlertLevel::fatal) {
        failure_ = refusal(course_, *alert);
        course_.stage = Stage::failed;
    } else if (handshake_.alerts.size() == max_alerts) {
        give_up();
    }
}

void Reading::handshake_record(Sender sender, wire::Record const& record) {
    if (course_.tls13) return give_up();
    if (course_.stage == Stage::undecided) {
        if (sender == Sender::server) return not_tls();
        auto const& [type, version, length] = record.header;
        for (auto const byte :
             {static_cast<int>(type), version >> 8, version & 255, length >> 8, length & 255})
            hello_bytes_.push_back(static_cast<std::uint8_t>(byte));
        hello_bytes_.insert(hello_bytes_.end(), record.fragment.begin(), record.fragment.end());
    }
    auto& messages = side(sender).messages;
    messages.feed(record.fragment);
    while (!done()) {
        auto const next = messages.next();
        if (!next) break;
        message(sender, *next);
    }
    if (!done() && messages.malformed()) malformed(sender);
}

void Reading::message(Sender sender, wire::HandshakeMessage const& message) {
    auto const is = [&](Sender from, HandshakeType type) { return sender == from && message.type == type; };
    if (course_.stage == Stage::undecided)
        return is(Sender::client, HandshakeType::client_hello) ? client_hello(message.body) : not_tls();
    if (course_.tls13) return give_up();
    if (is(Sender::server, HandshakeType::server_hello)) return server_hello(message.body);
    if (is(Sender::server, HandshakeType::hello_request)) return;
    if (course_.stage == Stage::hello) return give_up();

    course_.last = name_of_message(sender, message.type);
    switch (message.type) {
    case HandshakeType::certificate: return certificate(sender, message.body);
    case HandshakeType::server_key_exchange: return key_exchange(message.body);
    case HandshakeType::certificate_request:
        handshake_.certificate_requested = true;
        course_.phase = Phase::client_certificate;
        break;
    default: break;
    }
}

void Reading::client_hello(Bytes body) {
    auto const hello = wire::parse_client_hello(body);
    if (!hello) return not_tls();
    session_id_.assign(hello->session_id.begin(), hello->session_id.end());
    offers_early_data_ = wire::find(hello->extensions, early_data_extension).has_value();
    handshake_.offered = wire::describe(*hello, hello_bytes_.size());
    handshake_.offered->ja3 = fingerprint::ja3(*hello, tools_.digests);
    handshake_.offered->ja4 = fingerprint::ja4(*hello, tools_.digests);
    hello_bytes_.shrink_to_fit();
    course_.stage = Stage::hello;
    course_.last = "the ClientHello";
}

void Reading::server_hello(Bytes body) {
    auto const answer = wire::parse_server_hello(body);
    auto const expected = course_.stage == Stage::hello || retry_requested_;
    if (!answer || !expected || (retry_requested_ && answer->is_hello_retry_request())) return give_up();
    version_ = answer->version();
    retry_requested_ = answer->is_hello_retry_request();
    handshake_.negotiated = wire::describe(*answer, session_id_);
    handshake_.negotiated->ja3s = fingerprint::ja3s(*answer, tools_.digests);
    course_.phase = Phase::server_hello;
    course_.stage = Stage::answered;
    course_.last = retry_requested_ ? "the HelloRetryRequest" : "the ServerHello";
    note_resumption(handshake_.negotiated->resumed);
    if (retry_requested_ || version_ <= tls1_2) return;
    course_.stage = Stage::encrypted;
    course_.tls13 = true;
    course_.cipher_suite = answer->cipher_suite;
}

void Reading::certificate(Sender sender, Bytes body) {
    course_.phase = sender == Sender::client ? Phase::client_certificate : Phase::certificate;
    if (sender == Sender::client || !handshake_.certificates.empty()) return;
    if (auto const chain = wire::parse_certificate_tls12(body))
        handshake_.certificates = tools_.summarize(*chain);
}

void Reading::key_exchange(Bytes body) {
    if (handshake_.negotiated->cipher_suite.find("_ECDHE_") == std::string::npos) return;
    if (auto const group = wire::ecdhe_group(body)) handshake_.negotiated->group = wire::group_name(*group);
}

void Reading::application_data(Sender sender, std::size_t size) {
    if (course_.tls13) return note_hidden_record(course_, sender, size);
    if (course_.hidden(sender).begun) {
        // Whoever sends data has accepted the other's Finished, unless it could not wait for it (RFC 7918).
        course_.hidden(sender).more = true;
        if (course_.client.begun && course_.server.begun) course_.stage = Stage::passed;
        return;
    }
    if (sender == Sender::server || !offers_early_data_) return give_up();
    course_.early_data = true;
}

void Reading::note_answer_start(Bytes bytes) {
    constexpr std::size_t shown = 60;
    if (course_.stage > Stage::hello) return;
    auto const taken = bytes.first(std::min(bytes.size(), shown - answer_start_.size()));
    answer_start_.append(taken.begin(), taken.end());
}

/// A ClientHello that is answered by something else than TLS has failed. What goes wrong later is beyond this
/// reading.
void Reading::malformed(Sender sender) {
    if (course_.stage == Stage::undecided) return not_tls();
    auto const error = side(sender).records.malformed();
    auto const at_start =
        error && error->what == wire::Malformed::What::not_tls && error->offset < wire::record_header_size;
    if (sender == Sender::client || !at_start) return give_up();
    auto const line = std::string_view(answer_start_).substr(0, answer_start_.find_first_of("\r\n"));
    failure_ =
        Failure{By::upstream, Phase::client_hello, FailureKind::not_tls, std::nullopt,
                "the answer to the ClientHello is not TLS: it starts with `" + wire::printable(line) + '`'};
    course_.stage = Stage::failed;
}

} // namespace alert40::tls::watch
