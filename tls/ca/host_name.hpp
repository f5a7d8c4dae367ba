#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace alert40::tls::ca {

/// Whom a leaf is for.
struct HostName {
    std::string text;         ///< lower case, without a last dot or brackets
    std::string general_name; ///< DER: a dNSName or an iPAddress (RFC 5280 section 4.2.1.6)
};

/// A DNS name as A-labels, or an IP literal. The error says what is wrong with it.
boost::system::result<HostName, std::string> parse_host_name(std::string_view host);

/// What an authority may be limited to (RFC 5280 section 4.2.1.10): "example.com" (and all below it),
/// "10.0.0.0/8", "::1". The result is the base of a GeneralSubtree, DER.
boost::system::result<HostName, std::string> parse_constraint(std::string_view text);

} // namespace alert40::tls::ca
