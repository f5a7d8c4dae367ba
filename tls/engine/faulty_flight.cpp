#include "tls/engine/faulty_flight.hpp"

#include "tls/engine/sealed_alert.hpp"
#include "tls/wire/extension.hpp"
#include "tls/wire/handshake_message.hpp"
#include "tls/wire/record.hpp"

#include <vector>

namespace alert40::tls::engine {
namespace {

using wire::ContentType;
using wire::HandshakeType;
using Bytes = std::vector<std::uint8_t>;
using View = std::span<std::uint8_t const>;

ContentType type_of(View record) {
    return ContentType{record[0]};
}

/// The first record of `bytes`, with its header; empty if it is not whole.
View first_record(View bytes) {
    if (bytes.size() < wire::record_header_size) return {};
    auto const size = wire::record_header_size + static_cast<std::size_t>(bytes[3] << 8 | bytes[4]);
    return size <= bytes.size() ? bytes.first(size) : View{};
}

std::size_t number_at(View bytes, std::size_t place) {
    return static_cast<std::size_t>(bytes[place] << 8 | bytes[place + 1]);
}

void add_to_number(Bytes& bytes, std::size_t place, std::ptrdiff_t difference) {
    auto const number =
        static_cast<std::size_t>(static_cast<std::ptrdiff_t>(number_at(bytes, place)) + difference);
    bytes[place] = static_cast<std::uint8_t>(number >> 8);
    bytes[place + 1] = static_cast<std::uint8_t>(number);
}

constexpr std::size_t record_length = 3, message_length = wire::record_header_size + 2;
constexpr std::size_t session_id_length = wire::record_header_size + 4 + 2 + 32;

/// A ServerHello, alone in its record, without an extension. It is one of our own: its lengths are right.
Bytes without_extension(View record, wire::ExtensionType unwanted) {
    Bytes out(record.begin(), record.end());
    auto const extensions = session_id_length + 1 + record[session_id_length] + 2 + 1;
    for (auto at = extensions + 2; at + 4 <= out.size();) {
        auto const size = 4 + number_at(out, at + 2);
        if (wire::ExtensionType{static_cast<std::uint16_t>(number_at(out, at))} != unwanted) {
            at += size;
            continue;
        }
        auto const from = out.begin() + static_cast<std::ptrdiff_t>(at);
        out.erase(from, from + static_cast<std::ptrdiff_t>(size));
        for (auto const length : {record_length, message_length, extensions})
            add_to_number(out, length, -static_cast<std::ptrdiff_t>(size));
    }
    return out;
}

void replace(bytes::ByteQueue& output, Bytes const& with) {
    output.clear();
    output.append(with);
}

void append(Bytes& to, View more) {
    to.insert(to.end(), more.begin(), more.end());
}

} // namespace

void FaultyFlight::on_sent(std::uint8_t handshake_type) {
    switch (HandshakeType{handshake_type}) {
    case HandshakeType::server_hello: hello_sent_ = true; break;
    case HandshakeType::certificate: certificate_sent_ = true; break;
    default: before_certificate_ += certificate_sent_ ? 0 : 1; break;
    }
}

FaultyFlight::Outcome FaultyFlight::edit(SSL const* ssl, bytes::ByteQueue& output) {
    bool const is_13 = SSL_version(ssl) == TLS1_3_VERSION;
    if (done_ || !hello_sent_ || (is_13 && secret_.bytes().empty())) // a HelloRetryRequest has no secret
        return Outcome::not_yet;
    done_ = true;
    return is_13 ? edit_13(ssl, output) : edit_12(ssl, output);
}

FaultyFlight::Outcome FaultyFlight::edit_13(SSL const* ssl, bytes::ByteQueue& output) const {
    if (!fault_.alert) return Outcome::goes_on;
    if (!is_fatal()) return Outcome::impossible;
    auto const encrypted =
        fault_.place == FlightFault::Place::for_certificate ? before_certificate_ : std::size_t{0};
    auto const alert = sealed_alert_13(ssl, secret_.bytes(), encrypted, *fault_.alert);
    if (!alert) return Outcome::impossible;
    Bytes flight;
    auto rest = output.data();
    std::size_t seen = 0;
    for (auto record = first_record(rest); !record.empty(); record = first_record(rest)) {
        if (type_of(record) == ContentType::application_data && seen++ == encrypted) break;
        append(flight, record);
        rest = rest.subspan(record.size());
    }
    append(flight, *alert);
    replace(output, flight);
    return Outcome::ended;
}

FaultyFlight::Outcome FaultyFlight::edit_12(SSL const* ssl, bytes::ByteQueue& output) const {
    auto const hello = first_record(output.data());
    if (hello.empty() || type_of(hello) != ContentType::handshake) return Outcome::impossible;
    Bytes flight = fault_.no_renegotiation_info
                       ? without_extension(hello, wire::ExtensionType::renegotiation_info)
                       : Bytes(hello.begin(), hello.end());
    if (auto const& alert = fault_.alert)
        append(flight,
               Bytes{static_cast<std::uint8_t>(ContentType::alert), 3,
                     static_cast<std::uint8_t>(SSL_version(ssl)), 0, 2,
                     static_cast<std::uint8_t>(alert->level), static_cast<std::uint8_t>(alert->description)});
    bool const ended = fault_.alert && is_fatal();
    if (!ended) append(flight, output.data().subspan(hello.size()));
    replace(output, flight);
    return ended ? Outcome::ended : Outcome::goes_on;
}

} // namespace alert40::tls::engine
