#include "diagnose/verdict/notice.hpp"

#include "diagnose/verdict/server_mends.hpp"
#include "record/printable.hpp"
#include "record/timestamp.hpp"
#include "text/joined.hpp"

#include <algorithm>

namespace alert40::diagnose {
namespace {

/// One way in which a chain is not accepted, told by what OpenSSL says of it.
struct Objection {
    std::string_view words; ///< in the library's text
    std::string_view cause;
    std::string (*sentence)(tls::Handshake const& handshake, policy::Origin const& target);
    bool server; ///< to be mended there
};

tls::CertificateSummary leaf_of(tls::Handshake const& handshake) {
    return handshake.certificates.empty() ? tls::CertificateSummary{} : handshake.certificates.front();
}

std::string now() {
    return record::timestamp(std::chrono::system_clock::now()).substr(0, 19) + "Z";
}

std::string issuer_of(tls::Handshake const& handshake) {
    return handshake.certificates.empty() ? "nobody" : handshake.certificates.back().issuer;
}

constexpr auto objections = std::to_array<Objection>({
    {"expired", "certificate-expired",
     [](tls::Handshake const& h, policy::Origin const&) {
         return "the server's certificate ended on " + leaf_of(h).not_after + "; this machine's clock says " +
                now();
     },
     true},
    {"not yet valid", "certificate-not-yet-valid",
     [](tls::Handshake const& h, policy::Origin const&) {
         return "the server's certificate begins on " + leaf_of(h).not_before +
                "; this machine's clock says " + now();
     },
     true},
    {"is not for", "certificate-other-name",
     [](tls::Handshake const& h, policy::Origin const& target) {
         return "the server's certificate is for " + text::joined(leaf_of(h).names) + ", and not for " +
                target.host;
     },
     true},
    {"too weak", "weak-certificate",
     [](tls::Handshake const& h, policy::Origin const&) {
         return "a key or a signature in the server's chain is too weak for security level 2 (its own: " +
                leaf_of(h).key + ", " + leaf_of(h).signature + "); our own library refused it";
     },
     true},
    {"too small", "weak-certificate",
     [](tls::Handshake const& h, policy::Origin const&) {
         return "a key in the server's chain is too short for security level 2 (its own: " + leaf_of(h).key +
                ")";
     },
     true},
    {"path length", "certificate-chain-invalid",
     [](tls::Handshake const&, policy::Origin const&) {
         return std::string(
             "an authority in the server's chain signed more authorities below it than it may (path length)");
     },
     true},
    {"unable to get local issuer", "certificate-chain-incomplete",
     [](tls::Handshake const& h, policy::Origin const&) {
         return "the chain ends at an issuer that was not sent and is not known here (" + issuer_of(h) +
                "): the server leaves out an intermediate, or a private authority or an intercepting proxy "
                "signed it";
     },
     true},
    {"self-signed certificate in", "certificate-not-trusted",
     [](tls::Handshake const& h, policy::Origin const&) {
         return "the chain ends at an authority that is not trusted here (" + issuer_of(h) +
                "): a private one, or an intercepting proxy or antivirus";
     },
     false},
    {"self", "certificate-self-signed",
     [](tls::Handshake const&, policy::Origin const&) {
         return std::string("the server's certificate is signed by its own key");
     },
     true},
});

bool has_words(std::string_view text, std::string_view words) {
    return text.find(words) != std::string_view::npos;
}

/// What this side can do, by the cause.
std::vector<Remedy> client_side(std::string_view cause, std::string const& host) {
    auto const trust =
        "`alert40 run --host " + host + " --cacert ca.pem --intercept " + host +
        "`; curl: `--cacert ca.pem`; Node: "
        "`NODE_EXTRA_CA_CERTS=ca.pem`; Python: `SSL_CERT_FILE=ca.pem`, requests: `REQUESTS_CA_BUNDLE=ca.pem`";
    if (cause == "certificate-expired" || cause == "certificate-not-yet-valid")
        return {{"this machine", "check the clock: `date -u`"}};
    if (cause == "certificate-other-name")
        return {{"the app", "ask for one of the names in the certificate"},
                {"now", "in a profile for this host: `verify = { names = [\"NAME\"] }`", true}};
    if (cause == "weak-certificate")
        return {{"now", "in a profile for this host: `security_level = 1` (0 where SHA-1 signed it)", true}};
    if (cause == "certificate-chain-incomplete")
        return {{"now", "give the intermediate as a file: " + trust}};
    if (cause == "certificate-not-trusted" || cause == "certificate-self-signed")
        return {{"now", "if you know who that is, trust it: " + trust}};
    return {};
}

} // namespace

std::optional<Verdict> certificate_verdict(Findings const& findings, Observation const& failed) {
    auto const& failure = *failed.failure();
    if (failure.kind != tls::FailureKind::verify) return std::nullopt;
    auto const found = std::ranges::find_if(
        objections, [&](Objection const& one) { return has_words(failure.detail, one.words); });
    if (found == objections.end()) return std::nullopt;
    auto const& handshake = failed.report.handshake;
    Verdict verdict{.kind = Verdict::Kind::unmendable,
                    .causes = {std::string(found->cause)},
                    .sentence = record::printable(found->sentence(handshake, findings.target), 400),
                    .confidence = Confidence::high};
    // Two explanations, and nothing here tells them apart.
    if (found->cause == "certificate-chain-incomplete") {
        verdict.causes.emplace_back("certificate-not-trusted");
        verdict.confidence = Confidence::medium;
    }
    verdict.remedies = client_side(found->cause, findings.target.host);
    add_server_mends(verdict);
    return verdict;
}

} // namespace alert40::diagnose
