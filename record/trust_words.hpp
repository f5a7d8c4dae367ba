#pragma once

#include <string>
#include <string_view>

namespace alert40::record {

/// How an app is made to trust alert40's authority, by what its hello looks like (HandshakeRecord::client):
/// "`alert40 ca trust`, or SSL_CERT_FILE (`alert40 env` prints it)". Where the app is unknown, the general
/// words.
std::string ways_to_trust_authority(std::string_view client);

/// The same where alert40 is the app's proxy by https://: curl reads no variable for that.
std::string ways_to_trust_proxy(std::string_view client);

/// The same for an authority that is not alert40's: "SSL_CERT_FILE, or the system's store".
std::string ways_to_trust_issuer(std::string_view client);

} // namespace alert40::record
