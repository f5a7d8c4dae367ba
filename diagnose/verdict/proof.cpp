#include "diagnose/verdict/proof.hpp"

#include <algorithm>
#include <array>

namespace alert40::diagnose {
namespace {

using enum tls::FailureKind;
using A = tls::AlertDescription;
using P = tls::Phase;
using F = record::Fact;

constexpr record::Set<tls::FailureKind> cuts{reset, eof, timeout};
constexpr record::Set<tls::FailureKind> refusals{alert, reset, eof, timeout, malformed};
constexpr auto sent = tls::Direction::sent;

constexpr std::string_view old_server =
    "the server stops at {version}, which nobody offers any more (RFC 8996)";

constexpr auto proofs = std::to_array<Proof>({
    {"client-certificate",
     {{alert, reset, eof, http}},
     "client-certificate-required",
     "the server demands a client certificate: without one it fails ({failure}), with this one it works"},

    {"system-store",
     {{verify}, {}, {}, {}, {}, sent},
     "authorities-incomplete",
     "the certificate is of an authority that the system trusts and the file that was given does not have"},

    {"suite-less",
     {refusals},
     "fingerprint-blocked",
     "the server, or something on the path, refuses by the fingerprint of the ClientHello: with a cipher "
     "suite "
     "less it works, and with the groups in another order as well, though neither can matter to it"},

    {"server-name",
     {refusals},
     "server-name-required",
     "the server wants a server name (SNI): without one it refuses, with one it answers"},

    {"no-server-name",
     {{alert}, {A::unrecognized_name}},
     "name-unknown",
     "the server does not know the name {host}, and works when no name is sent"},
    {"no-server-name",
     {cuts},
     "name-filtered",
     "something on the path, or the server, drops connections for the name {host}: without a server name the "
     "same address answers"},
    {"no-server-name",
     {refusals},
     "name-not-provisioned",
     "this address does not serve the name {host}: without a server name it answers"},

    {"alpn-http1",
     {{h2}},
     "http2-broken",
     "HTTP/2 is agreed on in the handshake and broken afterwards ({failure}); http/1.1 works"},
    {"alpn-http1",
     {{reset, eof, timeout, malformed, http}, {}, {P::after}},
     "http2-broken",
     "HTTP/2 is agreed on in the handshake and broken afterwards ({failure}); http/1.1 works"},
    {"alpn-http1",
     {{alert}, {A::no_application_protocol}},
     "no-common-application-protocol",
     "the server does not take h2 by ALPN beside http/1.1, and takes http/1.1 alone"},
    {"alpn-http1",
     {refusals},
     "h2-refused",
     "the server, or something on the path, refuses a ClientHello that offers h2; the same one with http/1.1 "
     "alone works"},
    {"alpn-http1-first",
     {refusals},
     "alpn-order",
     "the server, or something on the path, goes by the first protocol in ALPN, and refuses where that is "
     "h2; "
     "the same ClientHello with http/1.1 first works"},
    {"alpn-h2",
     {refusals},
     "http1-refused",
     "the server, or something on the path, refuses a ClientHello that offers http/1.1; the same one with h2 "
     "alone works"},
    {"no-alpn",
     {{alert}, {A::no_application_protocol}},
     "no-common-application-protocol",
     "the server speaks none of the protocols that ALPN offers (h2, http/1.1), and works without ALPN"},
    {"no-alpn",
     {refusals},
     "alpn-refused",
     "the server, or something on the path, refuses a ClientHello with ALPN, whatever it offers; without it "
     "the same one works"},

    {"split-hello",
     {cuts},
     "name-filtered",
     "something on the path reads the name in the ClientHello and cuts the connection: with the hello split "
     "in two records it passes"},
    {"no-tickets",
     {refusals},
     "ticket-extension-refused",
     "the server, or something on the path, does not stand the session ticket extension; the same "
     "ClientHello without it works"},
    {"small-hello",
     {cuts},
     "large-hello",
     "the server, or something on the path, fails when the ClientHello is large ({bytes} bytes); a small one "
     "works (https://tldr.fail)"},
    {"small-hello",
     {refusals},
     "hello-not-digested",
     "the server chokes on something in the ClientHello that a smaller one does not have (suites, groups, "
     "signature algorithms)"},
    {"tls12",
     {{alert}, {A::handshake_failure, A::protocol_version}},
     "version-intolerant",
     "the server refuses a ClientHello that offers TLS 1.3, instead of choosing TLS 1.2; with TLS 1.2 at "
     "most it works"},
    {"tls12",
     {refusals},
     "version-intolerant",
     "the server, or something on the path, breaks off when TLS 1.3 is offered; with TLS 1.2 at most it "
     "works"},

    {"strongest",
     {{alert}, {A::insufficient_security}},
     "stronger-parameters-wanted",
     "the server wants stronger parameters than apps offer first: it works once only suites with keys of 256 "
     "bits and groups from P-384 on are offered ({chosen}, {group})"},

    {"ecdhe-cbc",
     {{alert}},
     "no-common-cipher-suite",
     "the server has no suite with an AEAD: it works once ECDHE suites in CBC mode are offered ({chosen})"},
    {"dhe",
     {{alert}},
     "no-common-cipher-suite",
     "the server has no ECDHE suite: it works once DHE suites are offered ({chosen})"},
    {"static-rsa",
     {{alert}},
     "no-common-cipher-suite",
     "the server has only suites without forward secrecy: it works once static RSA is offered ({chosen})"},
    {"suite",
     {{alert}},
     "no-common-cipher-suite",
     "the server has one suite that hardly anybody offers: it works once {chosen} is offered"},
    {"all-suites",
     {{alert}},
     "no-common-cipher-suite",
     "the server has no suite in common with what apps offer: it works once {chosen} is offered"},
    {"group",
     {{alert}},
     "no-common-group",
     "the server has one group that hardly anybody offers: it works once {group} is offered"},
    {"all-groups",
     {{alert}},
     "no-common-group",
     "the server has no group in common with what apps offer: it works once {group} is offered"},

    {"legacy-renegotiation",
     {{alert, library}, {}, {}, {}, {}, sent},
     "no-secure-renegotiation",
     "the server lacks secure renegotiation (RFC 5746); our own library refused it, the server did not"},
    {"security-level-1",
     {{alert, library}, {}, {}, {F::finite_field_dh}, {}, sent},
     "weak-dh",
     "the server's Diffie-Hellman key is shorter than 2048 bits; our own library refused it, the server did "
     "not"},
    {"security-level-1",
     {{verify}},
     "weak-certificate",
     "a key or a signature in the server's chain is too weak for security level 2; our own library refused "
     "it"},
    {"security-level-1",
     {{alert}},
     "no-common-cipher-suite",
     "the server's only suites are weaker than security level 2 allows: at level 1 it works ({chosen})"},
    {"security-level-0",
     {{alert, library}, {}, {}, {}, {}, sent},
     "weak-signature",
     "the server signs with SHA-1 or MD5, or with a key that is too short; our own library refused it, the "
     "server did not"},
    {"security-level-0",
     {{alert}},
     "no-common-signature-algorithm",
     "the server can sign only with SHA-1, or has only parameters below security level 1"},
    {"old-versions", {{alert, reset, eof, malformed}}, "no-common-version", old_server},
    {"old-versions", {{alert, library}, {}, {}, {}, {}, sent}, "no-common-version", old_server},
});

/// Whose alert it was counts always: what our own library refused, the server did not.
bool fits(record::Signature const& when, record::Evidence const& evidence) {
    if (evidence.failure.alert && when.direction != evidence.direction) return false;
    return when.fits(evidence);
}

} // namespace

Proof const* proof_for(std::string_view change, record::Evidence const& evidence) {
    auto const found = std::ranges::find_if(
        proofs, [&](Proof const& proof) { return proof.change == change && fits(proof.when, evidence); });
    return found == proofs.end() ? nullptr : &*found;
}

} // namespace alert40::diagnose
