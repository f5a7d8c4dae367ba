#pragma once

#include "tls/wire/malformed.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace alert40::tls::wire {

/// The extensions that this program looks into; the names of all others are in iana.hpp.
enum class ExtensionType : std::uint16_t {
    server_name = 0,
    supported_groups = 10,
    ec_point_formats = 11,
    signature_algorithms = 13,
    application_layer_protocol_negotiation = 16,
    extended_master_secret = 23,
    session_ticket = 35,
    pre_shared_key = 41,
    supported_versions = 43,
    key_share = 51,
    quic_transport_parameters = 57,
    renegotiation_info = 0xff01,
};

/// One extension, verbatim (RFC 8446 section 4.2). Borrows.
struct Extension {
    std::uint16_t type = 0;
    Bytes data;
};

/// `Extension extensions<0..2^16-1>`, in order; unknown and repeated ones are kept.
std::vector<Extension> read_extensions(bytes::Reader& in);

/// The data of the first extension of this type.
std::optional<Bytes> find(std::vector<Extension> const& extensions, ExtensionType type);

// What one extension says. Nothing where it is absent or not well formed: a hello with one broken extension
// is still worth reading. The results borrow.

/// ClientHello: the first host_name (RFC 6066 section 3).
std::optional<std::string_view> server_name(std::vector<Extension> const& extensions);
/// ClientHello: RFC 8446 section 4.2.1.
std::optional<std::vector<std::uint16_t>> supported_versions(std::vector<Extension> const& extensions);
/// RFC 8446 section 4.2.7.
std::optional<std::vector<std::uint16_t>> supported_groups(std::vector<Extension> const& extensions);
/// RFC 8446 section 4.2.3.
std::optional<std::vector<std::uint16_t>> signature_algorithms(std::vector<Extension> const& extensions);
/// RFC 8422 section 5.1.2.
std::optional<Bytes> ec_point_formats(std::vector<Extension> const& extensions);
/// ProtocolNameList (RFC 7301 section 3.1): all that the client offers, or the one of the answer.
std::optional<std::vector<std::string_view>> alpn(std::vector<Extension> const& extensions);
/// ClientHello: the groups of the key shares, in order (RFC 8446 section 4.2.8).
std::optional<std::vector<std::uint16_t>> key_share_groups(std::vector<Extension> const& extensions);

} // namespace alert40::tls::wire
