#pragma once

#include "tls/engine/openssl_handles.hpp"

#include <boost/system/result.hpp>

#include <ctime>
#include <string>
#include <vector>

namespace alert40::tls::ca {

/// PEM texts.
struct NewAuthority {
    std::string certificate;
    std::string key;
};

/// A self-signed certificate for ten years and its key on P-256. `permitted` limits it, as `parse_constraint`
/// reads it; a kind (names, addresses) of which nothing is permitted is then excluded altogether. The error
/// names what cannot be read. `machine`: for the subject.
boost::system::result<NewAuthority, std::string> make_authority(std::vector<std::string> const& permitted,
                                                                std::string const& machine, std::time_t now);

/// The names and networks that a certificate is limited to, as `parse_constraint` reads them.
std::vector<std::string> permitted_names(X509 const* certificate);

} // namespace alert40::tls::ca
