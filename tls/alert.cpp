#include "tls/alert.hpp"

#include <algorithm>
#include <array>

namespace alert40::tls {
namespace {

struct Row {
    AlertDescription description;
    std::string_view name;
};

// https://www.iana.org/assignments/tls-parameters, and the reserved ones that old servers still send.
constexpr std::array descriptions{
    Row{AlertDescription::close_notify, "close_notify"},
    Row{AlertDescription::unexpected_message, "unexpected_message"},
    Row{AlertDescription::bad_record_mac, "bad_record_mac"},
    Row{AlertDescription::decryption_failed, "decryption_failed"},
    Row{AlertDescription::record_overflow, "record_overflow"},
    Row{AlertDescription::decompression_failure, "decompression_failure"},
    Row{AlertDescription::handshake_failure, "handshake_failure"},
    Row{AlertDescription::no_certificate, "no_certificate"},
    Row{AlertDescription::bad_certificate, "bad_certificate"},
    Row{AlertDescription::unsupported_certificate, "unsupported_certificate"},
    Row{AlertDescription::certificate_revoked, "certificate_revoked"},
    Row{AlertDescription::certificate_expired, "certificate_expired"},
    Row{AlertDescription::certificate_unknown, "certificate_unknown"},
    Row{AlertDescription::illegal_parameter, "illegal_parameter"},
    Row{AlertDescription::unknown_ca, "unknown_ca"},
    Row{AlertDescription::access_denied, "access_denied"},
    Row{AlertDescription::decode_error, "decode_error"},
    Row{AlertDescription::decrypt_error, "decrypt_error"},
    Row{AlertDescription::too_many_cids_requested, "too_many_cids_requested"},
    Row{AlertDescription::export_restriction, "export_restriction"},
    Row{AlertDescription::protocol_version, "protocol_version"},
    Row{AlertDescription::insufficient_security, "insufficient_security"},
    Row{AlertDescription::internal_error, "internal_error"},
    Row{AlertDescription::inappropriate_fallback, "inappropriate_fallback"},
    Row{AlertDescription::user_canceled, "user_canceled"},
    Row{AlertDescription::no_renegotiation, "no_renegotiation"},
    Row{AlertDescription::missing_extension, "missing_extension"},
    Row{AlertDescription::unsupported_extension, "unsupported_extension"},
    Row{AlertDescription::certificate_unobtainable, "certificate_unobtainable"},
    Row{AlertDescription::unrecognized_name, "unrecognized_name"},
    Row{AlertDescription::bad_certificate_status_response, "bad_certificate_status_response"},
    Row{AlertDescription::bad_certificate_hash_value, "bad_certificate_hash_value"},
    Row{AlertDescription::unknown_psk_identity, "unknown_psk_identity"},
    Row{AlertDescription::certificate_required, "certificate_required"},
    Row{AlertDescription::general_error, "general_error"},
    Row{AlertDescription::no_application_protocol, "no_application_protocol"},
    Row{AlertDescription::ech_required, "ech_required"},
};

} // namespace

std::string_view name_of(AlertDescription description) {
    auto const row = std::ranges::find(descriptions, description, &Row::description);
    return row == descriptions.end() ? "unassigned" : row->name;
}

std::string text_of(AlertDescription description) {
    return "alert " + std::to_string(static_cast<unsigned>(description)) + ' ' +
           std::string(name_of(description));
}

std::optional<AlertDescription> alert_named(std::string_view name) {
    auto const row = std::ranges::find(descriptions, name, &Row::name);
    if (row == descriptions.end()) return std::nullopt;
    return row->description;
}

std::string_view name_of(AlertLevel level) {
    return level == AlertLevel::warning ? "warning" : "fatal";
}

std::string_view name_of(Direction direction) {
    return direction == Direction::received ? "received" : "sent";
}

} // namespace alert40::tls
