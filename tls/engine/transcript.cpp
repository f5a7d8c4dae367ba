#include "tls/engine/transcript.hpp"

#include "tls/fingerprint/ja3.hpp"
#include "tls/fingerprint/ja4.hpp"
#include "tls/version.hpp"
#include "tls/wire/client_hello.hpp"
#include "tls/wire/client_hello_reader.hpp"
#include "tls/wire/describe.hpp"
#include "tls/wire/handshake_message.hpp"
#include "tls/wire/server_hello.hpp"
#include "tls/wire/server_key_exchange.hpp"

#include <algorithm>

namespace alert40::tls::engine {
namespace {

using wire::HandshakeType;

constexpr fingerprint::Digests digests{md5_hex, sha256_hex};

} // namespace

void Transcript::add(Direction direction, std::span<std::uint8_t const> message) {
    if (message.size() < wire::handshake_header_size) return;
    auto const type = message[0];
    auto const body = message.subspan(wire::handshake_header_size);
    auto const from_client = (direction == Direction::sent) == (end_ == End::client);
    from_client ? client_said(type, body) : server_said(type, body);
    end_ == End::client ? advance_client(type, from_client) : advance_server(type, from_client);
}

void Transcript::add(Alert alert) {
    if (alert.description != AlertDescription::close_notify) handshake_.alerts.push_back(alert);
}

void Transcript::set_hello_bytes(std::span<std::uint8_t const> flight) {
    hello_bytes_.assign(flight.begin(), flight.end());
    if (handshake_.offered) handshake_.offered->bytes = flight.size();
}

void Transcript::hello_left_as(std::span<std::uint8_t const> flight) {
    wire::ClientHelloReader reader;
    if (reader.feed(flight) != wire::ClientHelloReader::State::whole) return;
    handshake_.offered.reset();
    offered(reader.body());
    set_hello_bytes(flight);
}

bool Transcript::chose_alpn_not_offered() const {
    if (!handshake_.offered || !handshake_.negotiated || handshake_.negotiated->alpn.empty()) return false;
    auto const& offered = handshake_.offered->alpn;
    return std::ranges::find(offered, handshake_.negotiated->alpn) == offered.end();
}

void Transcript::client_said(std::uint8_t type, Body body) {
    if (HandshakeType{type} == HandshakeType::client_hello) offered(body);
}

void Transcript::server_said(std::uint8_t type, Body body) {
    switch (HandshakeType{type}) {
    case HandshakeType::server_hello: answered(body); break;
    case HandshakeType::encrypted_extensions:
        if (auto const extensions = wire::parse_encrypted_extensions(body);
            extensions && handshake_.negotiated)
            if (auto const chosen = wire::alpn(*extensions); chosen && chosen->size() == 1)
                handshake_.negotiated->alpn = wire::protocol_text(chosen->front());
        break;
    case HandshakeType::certificate:
        if (end_ == End::client) chain_ = body.size() <= ChainMemory::max_chain ? sha256(body) : std::nullopt;
        break;
    case HandshakeType::server_key_exchange:
        if (handshake_.negotiated && handshake_.negotiated->cipher_suite.find("_ECDHE_") != std::string::npos)
            if (auto const group = wire::ecdhe_group(body))
                handshake_.negotiated->group = wire::group_name(*group);
        break;
    case HandshakeType::certificate_request: handshake_.certificate_requested = true; break;
    default: break;
    }
}

void Transcript::advance_client(std::uint8_t type, bool from_client) {
    switch (HandshakeType{type}) {
    case HandshakeType::server_hello: phase_ = Phase::server_hello; break;
    case HandshakeType::certificate:
        phase_ = from_client ? Phase::client_certificate : Phase::certificate;
        break;
    case HandshakeType::certificate_request:
        // In TLS 1.3 the server's own certificate follows.
        if (!is_tls13()) phase_ = Phase::client_certificate;
        break;
    case HandshakeType::finished:
        // Up to TLS 1.2 our certificate and Finished leave together, and a refusal after them is about the
        // certificate.
        if (!from_client || is_tls13() || !handshake_.certificate_requested) phase_ = Phase::finished;
        break;
    default: break;
    }
}

void Transcript::advance_server(std::uint8_t type, bool from_client) {
    switch (HandshakeType{type}) {
    case HandshakeType::server_hello: phase_ = Phase::server_hello; break;
    case HandshakeType::certificate:
        if (!from_client) phase_ = Phase::certificate;
        break;
    case HandshakeType::client_key_exchange: phase_ = Phase::finished; break;
    case HandshakeType::finished:
        // One of ours behind our certificate changes nothing; a resumption has no certificate.
        if (from_client || phase_ != Phase::certificate) phase_ = Phase::finished;
        break;
    default: break;
    }
}

/// The first ClientHello counts; the one after a HelloRetryRequest repeats it.
void Transcript::offered(Body client_hello) {
    if (handshake_.offered) return;
    auto const hello = wire::parse_client_hello(client_hello);
    if (!hello) return;
    session_id_.assign(hello->session_id.begin(), hello->session_id.end());
    handshake_.offered = wire::describe(*hello, 0);
    handshake_.offered->ja3 = fingerprint::ja3(*hello, digests);
    handshake_.offered->ja4 = fingerprint::ja4(*hello, digests);
}

void Transcript::answered(Body server_hello) {
    auto const answer = wire::parse_server_hello(server_hello);
    if (!answer) return;
    version_ = answer->version();
    handshake_.negotiated = wire::describe(*answer, session_id_);
    handshake_.negotiated->ja3s = fingerprint::ja3s(*answer, digests);
}

bool Transcript::is_tls13() const {
    return version_ == static_cast<std::uint16_t>(ProtocolVersion::tls1_3);
}

} // namespace alert40::tls::engine
