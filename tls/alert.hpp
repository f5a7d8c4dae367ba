#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace alert40::tls {

/// RFC 8446 section 6, and the older ones that servers still send.
enum class AlertLevel : std::uint8_t { warning = 1, fatal = 2 };

enum class AlertDescription : std::uint8_t {
    close_notify = 0,
    unexpected_message = 10,
    bad_record_mac = 20,
    decryption_failed = 21,
    record_overflow = 22,
    decompression_failure = 30,
    handshake_failure = 40,
    no_certificate = 41,
    bad_certificate = 42,
    unsupported_certificate = 43,
    certificate_revoked = 44,
    certificate_expired = 45,
    certificate_unknown = 46,
    illegal_parameter = 47,
    unknown_ca = 48,
    access_denied = 49,
    decode_error = 50,
    decrypt_error = 51,
    too_many_cids_requested = 52,
    export_restriction = 60,
    protocol_version = 70,
    insufficient_security = 71,
    internal_error = 80,
    inappropriate_fallback = 86,
    user_canceled = 90,
    no_renegotiation = 100,
    missing_extension = 109,
    unsupported_extension = 110,
    certificate_unobtainable = 111,
    unrecognized_name = 112,
    bad_certificate_status_response = 113,
    bad_certificate_hash_value = 114,
    unknown_psk_identity = 115,
    certificate_required = 116,
    general_error = 117,
    no_application_protocol = 120,
    ech_required = 121,
};

/// As seen from this program.
enum class Direction : std::uint8_t { received, sent };

struct Alert {
    AlertLevel level = AlertLevel::fatal;
    AlertDescription description = AlertDescription::handshake_failure;
    Direction direction = Direction::received;

    bool operator==(Alert const&) const = default;
};

/// "handshake_failure"; "unassigned" for a number that IANA has not given a name.
std::string_view name_of(AlertDescription description);
/// "alert 40 handshake_failure".
std::string text_of(AlertDescription description);
/// The other way round; nothing for an unknown name.
std::optional<AlertDescription> alert_named(std::string_view name);
std::string_view name_of(AlertLevel level);
std::string_view name_of(Direction direction);

} // namespace alert40::tls
