#include "tls/watch/message_name.hpp"

#include <algorithm>
#include <array>

namespace alert40::tls::watch {
namespace {

using wire::HandshakeType;

struct MessageName {
    HandshakeType type;
    std::string_view from_client, from_server;
};

constexpr std::array message_names = {
    MessageName{HandshakeType::client_hello, "the second ClientHello", "a ClientHello"},
    MessageName{HandshakeType::new_session_ticket, "a NewSessionTicket", "the NewSessionTicket"},
    MessageName{HandshakeType::certificate, "the app's Certificate", "the server's Certificate"},
    MessageName{HandshakeType::certificate_status, "a CertificateStatus", "the CertificateStatus"},
    MessageName{HandshakeType::server_key_exchange, "a ServerKeyExchange", "the ServerKeyExchange"},
    MessageName{HandshakeType::certificate_request, "a CertificateRequest", "the CertificateRequest"},
    MessageName{HandshakeType::server_hello_done, "a ServerHelloDone", "the ServerHelloDone"},
    MessageName{HandshakeType::client_key_exchange, "the ClientKeyExchange", "a ClientKeyExchange"},
    MessageName{HandshakeType::certificate_verify, "the app's CertificateVerify", "a CertificateVerify"},
};

} // namespace

std::string_view name_of_message(Sender sender, HandshakeType type) {
    auto const* const row = std::ranges::find(message_names, type, &MessageName::type);
    if (row == message_names.end()) return "a handshake message";
    return sender == Sender::client ? row->from_client : row->from_server;
}

std::string_view name_of_finished(Sender sender) {
    return sender == Sender::client ? "the app's Finished" : "the server's Finished";
}

} // namespace alert40::tls::watch
