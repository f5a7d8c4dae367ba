#include "tls/wire/iana.hpp"

#include <algorithm>
#include <array>

namespace alert40::tls::wire::iana {
namespace {

// TLS ExtensionType Values, and those that clients send without a registration.
constexpr std::array types{
    Row{0x0000, "server_name"},
    Row{0x0001, "max_fragment_length"},
    Row{0x0002, "client_certificate_url"},
    Row{0x0003, "trusted_ca_keys"},
    Row{0x0004, "truncated_hmac"},
    Row{0x0005, "status_request"},
    Row{0x0006, "user_mapping"},
    Row{0x0007, "client_authz"},
    Row{0x0008, "server_authz"},
    Row{0x0009, "cert_type"},
    Row{0x000a, "supported_groups"},
    Row{0x000b, "ec_point_formats"},
    Row{0x000c, "srp"},
    Row{0x000d, "signature_algorithms"},
    Row{0x000e, "use_srtp"},
    Row{0x000f, "heartbeat"},
    Row{0x0010, "application_layer_protocol_negotiation"},
    Row{0x0011, "status_request_v2"},
    Row{0x0012, "signed_certificate_timestamp"},
    Row{0x0013, "client_certificate_type"},
    Row{0x0014, "server_certificate_type"},
    Row{0x0015, "padding"},
    Row{0x0016, "encrypt_then_mac"},
    Row{0x0017, "extended_master_secret"},
    Row{0x0018, "token_binding"},
    Row{0x0019, "cached_info"},
    Row{0x001a, "tls_lts"},
    Row{0x001b, "compress_certificate"},
    Row{0x001c, "record_size_limit"},
    Row{0x001d, "pwd_protect"},
    Row{0x001e, "pwd_clear"},
    Row{0x001f, "password_salt"},
    Row{0x0020, "ticket_pinning"},
    Row{0x0021, "tls_cert_with_extern_psk"},
    Row{0x0022, "delegated_credential"},
    Row{0x0023, "session_ticket"},
    Row{0x0024, "TLMSP"},
    Row{0x0025, "TLMSP_proxying"},
    Row{0x0026, "TLMSP_delegate"},
    Row{0x0027, "supported_ekt_ciphers"},
    Row{0x0029, "pre_shared_key"},
    Row{0x002a, "early_data"},
    Row{0x002b, "supported_versions"},
    Row{0x002c, "cookie"},
    Row{0x002d, "psk_key_exchange_modes"},
    Row{0x002f, "certificate_authorities"},
    Row{0x0030, "oid_filters"},
    Row{0x0031, "post_handshake_auth"},
    Row{0x0032, "signature_algorithms_cert"},
    Row{0x0033, "key_share"},
    Row{0x0034, "transparency_info"},
    Row{0x0035, "connection_id_deprecated"},
    Row{0x0036, "connection_id"},
    Row{0x0037, "external_id_hash"},
    Row{0x0038, "external_session_id"},
    Row{0x0039, "quic_transport_parameters"},
    Row{0x003a, "ticket_request"},
    Row{0x003b, "dnssec_chain"},
    Row{0x003c, "sequence_number_encryption_algorithms"},
    Row{0x003d, "rrc"},
    Row{0x003e, "tls_flags"},
    Row{0x3374, "next_protocol_negotiation"},
    Row{0x4469, "application_settings_old"},
    Row{0x44cd, "application_settings"},
    Row{0x754f, "channel_id_old"},
    Row{0x7550, "channel_id"},
    Row{0xfd00, "ech_outer_extensions"},
    Row{0xfe0d, "encrypted_client_hello"},
    Row{0xff01, "renegotiation_info"},
    Row{0xffa5, "quic_transport_parameters_draft"},
    Row{0xffce, "encrypted_server_name"},
};
static_assert(std::ranges::is_sorted(types, {}, &Row::code));

} // namespace

Registry extension_types() {
    return types;
}

} // namespace alert40::tls::wire::iana
