#include "diagnose/verdict/certificate_verdict.hpp"

#include "diagnose/verdict/http_date.hpp"
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
    {"signature failure", "certificate-not-trusted",
     [](tls::Handshake const& h, policy::Origin const&) {
         return "the certificate says that " + leaf_of(h).issuer +
                " signed it, and the authority of that name that is trusted here has another key: it was "
                "renewed, or somebody on the way uses its name";
     },
     false},
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

/// Null: it is about something else.
Objection const* objection_of(tls::Failure const& failure) {
    auto const found = std::ranges::find_if(
        objections, [&](Objection const& one) { return has_words(failure.detail, one.words); });
    return failure.kind == tls::FailureKind::verify && found != objections.end() ? &*found : nullptr;
}

/// What this side can do, by the cause.
std::vector<Remedy> client_side(std::string_view cause, std::string const& host) {
    auto const trust =
        "`alert40 run --host " + host + " --cacert ca.pem --intercept " + host +
        "`; curl: `--cacert ca.pem`; Node: "
        "`NODE_EXTRA_CA_CERTS=ca.pem`; Python: `SSL_CERT_FILE=ca.pem`, requests: `REQUESTS_CA_BUNDLE=ca.pem`";
    if (cause == "intercepting-proxy")
        return {{"now", "if it is your company's or your own, trust its authority: " + trust}};
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

/// So far two clocks may be apart that go right.
constexpr std::chrono::minutes near{10};

/// Is it the certificate that is wrong, or the clock? The server's own clock is the other witness, by the
/// Date of an answer that came as if the certificate were valid.
void ask_the_servers_clock(Verdict& verdict, Findings const& findings, Observation const& failed) {
    if (auto const validity = validity_of(failed.report.handshake.certificates, failed.report.started);
        !validity.nearest) {
        verdict.sentence += ", and at no time all certificates of its chain are valid";
        return;
    }
    auto const* const seen = findings.alone("valid-time");
    auto const date = parse_http_date(seen && seen->visited ? std::string_view(seen->visited->date) : "");
    if (date && std::chrono::abs(*date - seen->report.started) < near) {
        verdict.sentence += ", and so does the server's";
        return;
    }
    verdict.causes.insert(verdict.causes.begin(), "local-clock");
    verdict.confidence = Confidence::medium;
    if (!date) {
        verdict.sentence += "; one of the two is wrong";
        return;
    }
    auto const leaf = leaf_of(failed.report.handshake);
    auto const theirs = record::timestamp(*date);
    bool const valid = leaf.not_before <= theirs && theirs <= leaf.not_after; // all are UTC
    verdict.sentence += ", and the server's " + theirs.substr(0, 19) + "Z" +
                        (valid ? ", when the certificate is valid: most likely the clock here is wrong"
                               : "; at least one of them is wrong");
}

/// Whoever shows a certificate for a name that nobody has makes them as he goes.
bool made_on_the_way(Findings const& findings) {
    auto const* const seen = findings.alone("nobodys-name");
    if (!seen) return false;
    auto const leaf = leaf_of(seen->report.handshake);
    return std::ranges::count(leaf.names, nobodys_name) != 0;
}

} // namespace

std::string issuer_of(tls::Handshake const& handshake) {
    return handshake.certificates.empty() ? "nobody" : handshake.certificates.back().issuer;
}

bool objects_to_the_issuer(tls::Failure const& failure) {
    auto const* const found = objection_of(failure);
    return found &&
           (found->cause == "certificate-not-trusted" || found->cause == "certificate-chain-incomplete");
}

Validity validity_of(std::vector<tls::CertificateSummary> const& chain, Moment now) {
    constexpr auto inside = std::chrono::minutes(1);
    std::optional<Moment> from, to;
    for (auto const& one : chain) {
        auto const begins = record::parse_timestamp(one.not_before);
        auto const ends = record::parse_timestamp(one.not_after);
        if (!begins || !ends) return {};
        from = std::max(from.value_or(*begins), *begins);
        to = std::min(to.value_or(*ends), *ends);
    }
    if (!from || *from + 2 * inside > *to) return {};
    if (now < *from) return {.nearest = *from + inside};
    if (now > *to) return {.nearest = *to - inside};
    return {.now = true, .nearest = now};
}

std::optional<Verdict> certificate_verdict(Findings const& findings, Observation const& failed) {
    auto const* const found = objection_of(*failed.failure());
    if (!found) return std::nullopt;
    auto const& handshake = failed.report.handshake;
    Verdict verdict{.kind = Verdict::Kind::unmendable,
                    .causes = {std::string(found->cause)},
                    .sentence = record::printable(found->sentence(handshake, findings.target), 400),
                    .confidence = Confidence::high};
    if (found->cause == "certificate-expired" || found->cause == "certificate-not-yet-valid")
        ask_the_servers_clock(verdict, findings, failed);
    if (found->cause == "certificate-not-trusted" && made_on_the_way(findings)) {
        verdict.causes = {"intercepting-proxy"};
        verdict.sentence = record::printable("an intercepting proxy or antivirus is on the way: it makes "
                                             "certificates for any name, by an authority that is not "
                                             "trusted here (" +
                                                 issuer_of(handshake) + ")",
                                             400);
    } else if (found->cause == "certificate-chain-incomplete") { // nothing here tells the two apart
        verdict.causes.emplace_back(made_on_the_way(findings) ? "intercepting-proxy"
                                                              : "certificate-not-trusted");
        verdict.confidence = Confidence::medium;
    }
    verdict.remedies =
        client_side(verdict.causes.size() == 1 ? verdict.causes.front() : found->cause, findings.target.host);
    add_server_mends(verdict);
    return verdict;
}

} // namespace alert40::diagnose
