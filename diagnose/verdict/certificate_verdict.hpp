#pragma once

#include "diagnose/verdict/verdict.hpp"

#include <chrono>
#include <optional>
#include <string>

/// What is wrong with a certificate that was not accepted.
namespace alert40::diagnose {

using Moment = std::chrono::system_clock::time_point;

/// Who signed the last certificate that was sent; "nobody" where none was.
std::string issuer_of(tls::Handshake const& handshake);

/// The certificate is in order, as far as it is looked at, and who signed it is not trusted.
bool objects_to_the_issuer(tls::Failure const& failure);

/// Is there a moment at which all certificates of a chain are valid?
struct Validity {
    bool now = false;              ///< this one is
    std::optional<Moment> nearest; ///< nothing: there is none, or the chain says none
};

Validity validity_of(std::vector<tls::CertificateSummary> const& chain, Moment now);

/// Nothing: it was not about a certificate.
std::optional<Verdict> certificate_verdict(Findings const& findings, Observation const& failed);

} // namespace alert40::diagnose
