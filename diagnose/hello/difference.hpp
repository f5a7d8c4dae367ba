#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace alert40::diagnose {

/// Where in a hello something stands.
enum class Place : std::uint8_t {
    record_version,
    legacy_version,
    session_id,
    compression_methods,
    cipher_suites,
    extensions,
    supported_versions,
    supported_groups,
    signature_algorithms,
    key_shares,
    alpn,
    size, ///< of the whole, whatever fills it: never in a Comparison, a HelloBisect may find it
};

/// One thing in which a hello that fails is not like one that works.
struct Difference {
    enum class Kind : std::uint8_t {
        added,   ///< only the failing one has it
        removed, ///< only the working one has it
        changed, ///< both have it, and it says something else
        order,   ///< of what both have there
    };

    Place place = Place::extensions;
    Kind kind = Kind::added;
    std::uint16_t code = 0;     ///< IANA's number of what stands there; 0x0a0a for any GREASE
    std::size_t occurrence = 0; ///< which of several alike, from 0: GREASE, and repetitions
    std::size_t bytes = 0;      ///< that it has in the failing hello
    std::string name{};         ///< of an ALPN protocol or a host, printable

    bool operator==(Difference const&) const = default;
};

/// What the failing hello has: "the extension session_ticket (35) with 192 bytes", "no cipher suite
/// TLS_RSA_WITH_3DES_EDE_CBC_SHA", "h2 in ALPN", "the order of the extensions".
std::string words_of(Difference const& difference);

/// What would undo it in the failing hello: "leave out h2 in ALPN", "offer the group x25519 as well".
std::string undoing(Difference const& difference);

} // namespace alert40::diagnose
