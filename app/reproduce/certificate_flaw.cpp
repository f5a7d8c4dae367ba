#include "app/reproduce/certificate_flaw.hpp"

#include "policy/host_name.hpp"
#include "record/timestamp.hpp"

#include <algorithm>
#include <array>

namespace alert40::app::reproduce {

namespace {

using tls::CertificateSummary;
using tls::Flaw;

bool names_host(CertificateSummary const& leaf, std::string const& host) {
    return std::ranges::any_of(leaf.names, [&](std::string const& name) {
        auto const depth = [](std::string const& text) { return std::ranges::count(text, '.'); };
        return policy::host_matches(name, host) && (!name.starts_with("*.") || depth(name) == depth(host));
    });
}

bool self_issued(CertificateSummary const& certificate) {
    return certificate.subject == certificate.issuer;
}

std::optional<JudgedFlaw> by_time(CertificateSummary const& leaf, RecordedFailure const& failed) {
    auto const begins = record::parse_timestamp(leaf.not_before),
               ends = record::parse_timestamp(leaf.not_after);
    if (ends && *ends < failed.handshake.time) return JudgedFlaw{Flaw::expired, "it ended " + leaf.not_after};
    if (begins && *begins > failed.handshake.time)
        return JudgedFlaw{Flaw::not_yet_valid, "it begins " + leaf.not_before};
    return std::nullopt;
}

std::optional<JudgedFlaw> by_strength(CertificateSummary const& leaf, RecordedFailure const&) {
    if (leaf.key == "RSA 1024") return JudgedFlaw{Flaw::rsa_1024, "its key is of 1024 bits"};
    auto const& signature = leaf.signature;
    if (signature.find("SHA1") != std::string::npos || signature.find("sha1") != std::string::npos)
        return JudgedFlaw{Flaw::sha1_signature, "it is signed with " + signature};
    return std::nullopt;
}

/// The proxy's own checks and the app's tell that apart from the rest by words or alerts of their own; a name
/// that does not fit counts where nothing else is wrong, and the app did not say that it is about the issuer.
std::optional<JudgedFlaw> by_name(CertificateSummary const& leaf, RecordedFailure const& failed) {
    auto const& alert = failed.failure.alert;
    if (alert && alert->description == tls::AlertDescription::unknown_ca) return std::nullopt;
    auto const& host = failed.handshake.target.host;
    if (leaf.names.empty() || names_host(leaf, host)) return std::nullopt;
    return JudgedFlaw{Flaw::wrong_host, "it is for " + leaf.names.front() + ", not for " + host};
}

std::optional<JudgedFlaw> by_issuer(CertificateSummary const& leaf, RecordedFailure const& failed) {
    auto const& chain = failed.handshake.handshake.certificates;
    if (self_issued(leaf)) return JudgedFlaw{Flaw::self_signed, "its subject is its issuer"};
    auto const& alert = failed.failure.alert;
    bool const about_issuer = !alert || alert->description == tls::AlertDescription::unknown_ca ||
                              alert->description == tls::AlertDescription::certificate_unknown ||
                              alert->description == tls::AlertDescription::bad_certificate;
    if (!about_issuer) return std::nullopt;
    if (self_issued(chain.back()))
        return JudgedFlaw{Flaw::unknown_issuer, "the chain was sent up to its root, which was not trusted"};
    return JudgedFlaw{Flaw::missing_intermediate,
                      "nothing else is wrong with it, and the chain that was sent does not reach a root"};
}

constexpr std::array judges = {by_time, by_strength, by_name, by_issuer};

} // namespace

std::optional<JudgedFlaw> judged_flaw(RecordedFailure const& failed) {
    auto const& chain = failed.handshake.handshake.certificates;
    if (chain.empty()) return std::nullopt;
    for (auto const judge : judges)
        if (auto judged = judge(chain.front(), failed)) return judged;
    return std::nullopt;
}

} // namespace alert40::app::reproduce
