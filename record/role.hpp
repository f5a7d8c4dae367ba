#pragma once

#include "record/handshake_record.hpp"

namespace alert40::record {

/// What alert40 was in a handshake. It decides whose words an alert is, and what can be changed to mend it.
enum class Role : std::uint8_t {
    dialled,     ///< the client of the origin
    watched,     ///< neither: an app and an origin spoke, their bytes passed
    intercepted, ///< the server of an app that meant the origin
    served,      ///< the server of an app that meant the proxy: TLS to the proxy's own port
};

Role role_in(HandshakeRecord const& record);

} // namespace alert40::record
