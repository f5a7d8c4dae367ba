#include "diagnose/probe/flight_reader.hpp"

#include "tls/wire/alert_message.hpp"
#include "tls/wire/certificate_message.hpp"
#include "tls/wire/client_hello.hpp"
#include "tls/wire/describe.hpp"
#include "tls/wire/iana.hpp"
#include "tls/wire/server_key_exchange.hpp"

#include <algorithm>
#include <string_view>

namespace alert40::diagnose {
namespace {

using tls::Failure;
using tls::FailureKind;
using tls::Phase;
using tls::wire::Bytes;
using tls::wire::ContentType;
using tls::wire::Extension;
using tls::wire::ExtensionType;
using tls::wire::HandshakeType;

constexpr auto tls1_2 = static_cast<std::uint16_t>(tls::ProtocolVersion::tls1_2);
constexpr auto tls1_3 = static_cast<std::uint16_t>(tls::ProtocolVersion::tls1_3);
constexpr std::size_t aead_tag = 16, alert_inside = 2 + 1; ///< an alert, and its type

/// RFC 8446 section 4.1.3: "DOWNGRD" and which version it could not speak.
bool marks_downgrade(std::array<std::uint8_t, 32> const& random) {
    constexpr std::string_view mark = "DOWNGRD";
    return std::equal(mark.begin(), mark.end(), random.begin() + 24) && random[31] <= 1;
}

/// The key share of a ServerHello: what stands behind its group.
Bytes key_exchange_of(std::vector<Extension> const& extensions) {
    auto const share = tls::wire::find(extensions, ExtensionType::key_share);
    if (!share) return {};
    bytes::Reader in{*share};
    in.u16();
    return in.opaque<bytes::Prefix::u16>();
}

/// What a cipher suite up to TLS 1.2 has ServerKeyExchange say.
std::optional<tls::wire::KeyExchangeKind> key_exchange_kind(std::uint16_t suite) {
    auto const name = tls::wire::iana::name_of(tls::wire::iana::cipher_suites(), suite);
    if (name.starts_with("TLS_ECDHE_") || name.starts_with("TLS_ECDH_anon"))
        return tls::wire::KeyExchangeKind::ecdhe;
    if (name.starts_with("TLS_DHE_") || name.starts_with("TLS_DH_anon"))
        return tls::wire::KeyExchangeKind::dhe;
    return std::nullopt;
}

/// Of the messages of the flight.
std::string name_of(HandshakeType type) {
    switch (type) {
    case HandshakeType::server_hello: return "ServerHello";
    case HandshakeType::encrypted_extensions: return "EncryptedExtensions";
    case HandshakeType::certificate: return "Certificate";
    case HandshakeType::server_key_exchange: return "ServerKeyExchange";
    default: return "handshake message " + std::to_string(static_cast<int>(type));
    }
}

} // namespace

FlightReader::FlightReader(std::vector<std::uint8_t> hello, tls::engine::ClientKeys const* keys)
    : hello_(std::move(hello))
    , keys_(keys) {}

bool FlightReader::feed(Bytes bytes) {
    if (over_) return true;
    auto const start = std::min(bytes.size(), Answer::most_start - answer_.start.size());
    answer_.start.insert(answer_.start.end(), bytes.begin(),
                         bytes.begin() + static_cast<std::ptrdiff_t>(start));
    answer_.bytes += bytes.size();
    if (auto what = start_.look(bytes)) {
        fail(tls::By::upstream, FailureKind::not_tls, *std::move(what));
        return true;
    }
    records_.feed(bytes);
    while (!over_) {
        auto const record = records_.next();
        if (!record) break;
        take(*record);
    }
    if (!over_ && records_.malformed()) malformed("a record that is none");
    if (!over_ && answer_.bytes > most_bytes)
        fail(tls::By::local, FailureKind::malformed,
             "the flight has no end: read " + std::to_string(answer_.bytes) + " bytes of it");
    return over_;
}

void FlightReader::end(FailureKind kind, std::string detail) {
    if (!over_)
        fail(kind == FailureKind::timeout ? tls::By::local : tls::By::upstream, kind, std::move(detail));
}

void FlightReader::take(tls::wire::Record const& record) {
    if (++records_read_ > most_records)
        return fail(tls::By::local, FailureKind::malformed,
                    "the flight has no end: more than " + std::to_string(most_records) + " records");
    bool const sealed = is_tls13() && record.header.type == ContentType::application_data;
    sealed ? take_sealed(record.whole) : take_content(record.header.type, record.fragment);
}

void FlightReader::take_content(ContentType type, Bytes content) {
    switch (type) {
    case ContentType::alert: return take_alert(content);
    case ContentType::handshake: return take_messages(content);
    case ContentType::change_cipher_spec:
        // For middleboxes in TLS 1.3; of a resumed session before it, the end of what can be read.
        if (answer_.choice && !is_tls13() && answer_.messages > 0) finish();
        return;
    default:
        return malformed("a record of type " + std::to_string(static_cast<int>(type)) + " in a handshake");
    }
}

void FlightReader::take_sealed(Bytes record) {
    if (opener_) {
        auto const opened = opener_->open(record);
        if (!opened) return malformed("an encrypted record that our key share does not open");
        return take_content(ContentType{opened->content_type}, opened->content);
    }
    answer_.hidden = true;
    answer_.hidden_alert = record.size() == tls::wire::record_header_size + alert_inside + aead_tag;
    over_ = true;
}

void FlightReader::take_alert(Bytes fragment) {
    auto const alert = tls::wire::parse_alert(fragment, tls::Direction::received);
    if (!alert) return malformed("an alert that is none");
    if (answer_.alerts.size() < Answer::most_alerts) answer_.alerts.push_back(*alert);
    bool const passing = alert->level == tls::AlertLevel::warning &&
                         alert->description != tls::AlertDescription::close_notify && !is_tls13();
    if (passing) return;
    answer_.failure = Failure{tls::By::upstream, phase_, FailureKind::alert, *alert, {}};
    over_ = true;
}

void FlightReader::take_messages(Bytes fragment) {
    messages_.feed(fragment);
    while (!over_) {
        auto const message = messages_.next();
        if (!message) break;
        if (++answer_.messages > most_messages)
            return fail(tls::By::local, FailureKind::malformed,
                        "the flight has no end: more than " + std::to_string(most_messages) + " messages");
        take(*message);
    }
    if (!over_ && messages_.malformed()) malformed("a handshake message that is too long");
}

void FlightReader::take(tls::wire::HandshakeMessage const& message) {
    if (!answer_.choice && message.type != HandshakeType::server_hello)
        return malformed("its first message is no ServerHello but a " + name_of(message.type));
    switch (message.type) {
    case HandshakeType::server_hello: return server_hello(message);
    case HandshakeType::encrypted_extensions: return encrypted_extensions(message.body);
    case HandshakeType::certificate: return certificate(message.body);
    case HandshakeType::compressed_certificate: phase_ = Phase::certificate; return;
    case HandshakeType::server_key_exchange: return key_exchange(message.body);
    case HandshakeType::certificate_status: answer_.stapled = true; return;
    case HandshakeType::certificate_request: answer_.certificate_requested = true; return;
    case HandshakeType::certificate_verify:
        if (bytes::Reader in{message.body}; is_tls13()) answer_.signature = in.u16();
        return;
    case HandshakeType::server_hello_done:
    case HandshakeType::finished: return finish();
    default: return; // what is not known is passed over
    }
}

void FlightReader::server_hello(tls::wire::HandshakeMessage const& message) {
    if (answer_.choice) return malformed("a second ServerHello");
    auto const hello = tls::wire::parse_server_hello(message.body);
    if (!hello) return malformed("a ServerHello that is none");
    auto const sent = tls::wire::parse_client_hello(Bytes(hello_).subspan(tls::wire::handshake_header_size));
    auto& choice = answer_.choice.emplace();
    choice.version = hello->version();
    choice.cipher_suite = hello->cipher_suite;
    choice.group = hello->key_share_group();
    choice.retry = hello->is_hello_retry_request();
    choice.compression = hello->compression_method != 0;
    choice.session_id_echoed =
        sent && !sent->session_id.empty() && std::ranges::equal(sent->session_id, hello->session_id);
    choice.downgrade_marked = marks_downgrade(hello->random);
    note_extensions(hello->extensions);
    phase_ = Phase::server_hello;
    if (choice.retry) return finish();
    if (is_tls13()) open_what_follows(*hello, message.whole);
}

void FlightReader::open_what_follows(tls::wire::ServerHello const& hello, Bytes message) {
    if (messages_.within_message())
        return malformed("something behind the ServerHello that is not encrypted");
    auto const group = hello.key_share_group();
    auto const shared =
        keys_ && group ? keys_->agree(*group, key_exchange_of(hello.extensions)) : std::nullopt;
    if (!shared) return;
    auto transcript = hello_;
    transcript.insert(transcript.end(), message.begin(), message.end());
    opener_ = tls::engine::FlightOpener::make(hello.cipher_suite, *shared, transcript);
}

void FlightReader::encrypted_extensions(Bytes body) {
    auto const extensions = tls::wire::parse_encrypted_extensions(body);
    if (!extensions) return malformed("EncryptedExtensions that are none");
    note_extensions(*extensions);
}

void FlightReader::note_extensions(std::vector<Extension> const& extensions) {
    auto& choice = *answer_.choice;
    for (auto const& extension : extensions)
        choice.extensions.push_back(extension.type);
    auto const says = [&](ExtensionType type) { return tls::wire::find(extensions, type).has_value(); };
    choice.pre_shared_key |= says(ExtensionType::pre_shared_key);
    choice.extended_master_secret |= says(ExtensionType::extended_master_secret);
    choice.secure_renegotiation |= says(ExtensionType::renegotiation_info);
    choice.session_ticket |= says(ExtensionType::session_ticket);
    if (auto const names = tls::wire::alpn(extensions); names && names->size() == 1)
        answer_.alpn = tls::wire::protocol_text(names->front());
}

void FlightReader::certificate(Bytes body) {
    phase_ = Phase::certificate;
    auto const chain = tls::wire::parse_certificate(body, is_tls13() ? tls::ProtocolVersion::tls1_3
                                                                     : tls::ProtocolVersion::tls1_2);
    if (!chain) return malformed("a Certificate message that is none");
    answer_.certificates.clear();
    for (auto const der : *chain)
        if (answer_.certificates.size() < Answer::most_certificates)
            answer_.certificates.emplace_back(der.begin(), der.end());
    if (is_tls13()) answer_.stapled = tls::wire::staples_ocsp_tls13(body);
}

void FlightReader::key_exchange(Bytes body) {
    auto& choice = *answer_.choice;
    auto const kind = key_exchange_kind(choice.cipher_suite);
    if (!kind) return;
    if (*kind == tls::wire::KeyExchangeKind::ecdhe)
        choice.group = tls::wire::ecdhe_group(body);
    else
        answer_.dh_bits = tls::wire::dhe_prime_bits(body);
    if (!choice.group && !answer_.dh_bits) return malformed("a ServerKeyExchange that is none");
    if (choice.version == tls1_2) answer_.signature = tls::wire::key_exchange_signature(body, *kind);
}

void FlightReader::finish() {
    answer_.whole = true;
    over_ = true;
}

void FlightReader::fail(tls::By by, FailureKind kind, std::string detail) {
    answer_.failure = Failure{by, phase_, kind, std::nullopt, std::move(detail)};
    over_ = true;
}

void FlightReader::malformed(std::string what) {
    fail(tls::By::upstream, FailureKind::malformed, std::move(what));
}

bool FlightReader::is_tls13() const {
    return answer_.choice && answer_.choice->version >= tls1_3;
}

} // namespace alert40::diagnose
