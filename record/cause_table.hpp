#pragma once

#include "record/cause.hpp"

#include <array>

/// What makes a TLS handshake fail, and what mends it: one row a cause. To add one, add a row; tests/record/
/// checks that each row can be reached.
namespace alert40::record {

namespace causes {

using enum tls::FailureKind;
using A = tls::AlertDescription;
using P = tls::Phase;
using F = Fact;
using R = Role;
using M = Mends;

inline constexpr auto received = tls::Direction::received, sent = tls::Direction::sent;

inline constexpr Set<P> refused_hello{P::client_hello};
inline constexpr Set<P> once_answered{P::server_hello, P::certificate, P::client_certificate, P::finished,
                                      P::after};
inline constexpr Set<A> certificate_alerts{A::bad_certificate,     A::unsupported_certificate,
                                           A::certificate_revoked, A::certificate_expired,
                                           A::certificate_unknown, A::unknown_ca,
                                           A::access_denied};

inline constexpr Set<A> refused_answers{A::handshake_failure,     A::protocol_version, A::illegal_parameter,
                                        A::insufficient_security, A::internal_error,   A::decrypt_error};

inline constexpr Set<P> shown_certificate{P::server_hello, P::certificate, P::client_certificate};
inline constexpr Set<P> answered{P::server_hello, P::certificate, P::client_certificate, P::finished};
inline constexpr Set<R> app_here{R::intercepted, R::served};
inline constexpr std::string_view authority_not_trusted =
    "the app does not trust the local authority, or pins another certificate";
inline constexpr std::string_view watch_instead =
    "watch this host instead: `alert40 run --watch {host}`, or `watch_if_untrusted = \"1h\"` in its rule";
inline constexpr std::string_view watch_if_it_fits =
    "watch this host, which helps where the server takes what the app offers: `alert40 run --watch {host}`";
inline constexpr std::string_view dial_legacy =
    "weak, so for this host only: `alert40 run --host {host} --profile legacy --intercept {host}`";
inline constexpr std::string_view supply_certificate =
    "supply one: `[profile.mtls]` and below it `client_certificate = { cert = \"client.pem\", key = "
    "\"client.key\" }` in the policy file, then `alert40 run --host {host} --profile mtls --intercept "
    "{host}`";
inline constexpr std::string_view trust_issuer =
    "trust the issuer: `alert40 run --host {host} --cacert ca.pem --intercept {host}`, SSL_CERT_FILE in "
    "alert40's environment, or `verify = { ca_file = \"ca.pem\" }` in a profile; or accept its name there: "
    "`verify = { names = [\"www.example.com\"] }`";
inline constexpr std::string_view other_way =
    "try another address or resolver in a rule: `address = \"192.0.2.1:443\"` or `resolver = \"9.9.9.9\"`";

inline constexpr Set<tls::FailureKind> refusals{alert, reset, eof, timeout, library, malformed, alpn};

} // namespace causes

// The order within a group is the order of the verdict: the more specific signature first.
inline constexpr auto cause_table = [] {
    using namespace causes;
    return std::to_array<Cause>({
        // ---- alert 40 in answer to the ClientHello
        {.name = "no-tls13",
         .when = {{alert}, {A::handshake_failure}, refused_hello, {F::only_tls13}},
         .likely = "only TLS 1.3 was offered and the server stops at TLS 1.2",
         .client = "offer TLS 1.2 as well: `versions = [\"1.2\", \"1.3\"]` in a profile",
         .mends = M::ladder,
         .app = "let the app offer TLS 1.2 as well",
         .server = "enable TLS 1.3"},
        {.name = "server-name-required",
         .when =
             {{alert}, {A::handshake_failure, A::internal_error}, refused_hello, {F::without_server_name}},
         .likely = "no server_name was sent and the server has no default certificate",
         .client = "send the server's name: `server_name = \"auto\"` in a profile",
         .mends = M::ladder,
         .app = "make the app send the server's name (SNI)",
         .server = "configure a default certificate"},
        {.name = "h2-refused",
         .when = {{alert},
                  {A::handshake_failure},
                  refused_hello,
                  {F::offered_h2},
                  {F::same_without_h2, F::app_has_only_old_suites}},
         .likely = "the server, or something on the path, refuses a ClientHello that offers h2 by ALPN",
         .client =
             "offer http/1.1 only (`profile = \"http1\"` in a rule), then no ALPN (`profile = \"no-alpn\"`)",
         .mends = M::ladder,
         .app = "make the app not offer h2 (its HTTP/1.1 mode)",
         .server = "enable h2, or answer no_application_protocol (120) instead"},
        {.name = "session-refused",
         .when = {{alert}, {A::handshake_failure}, {}, {F::offered_session}, {F::same_without_session}},
         .likely = "the session that was offered does not fit this server (tickets or extended_master_secret "
                   "differ "
                   "within a fleet)",
         .client = "dial without resumption: `resumption = false` in a profile",
         .mends = M::ladder,
         .app = "start the app again: it forgets its sessions",
         .server = "make the fleet consistent"},
        {.name = "no-common-parameters",
         .when = {{alert},
                  {A::handshake_failure},
                  refused_hello,
                  {},
                  {F::app_has_only_old_suites, F::only_certificate_remains}},
         .likely = "nothing that was offered is enabled there: no common cipher suite, group or signature "
                   "algorithm",
         .client = "offer more (`ciphers`, `groups` or `signature_algorithms` in a profile for this host); "
                   "or all there "
                   "is, weak, so for this host only: `alert40 run --host {host} --profile legacy --intercept "
                   "{host}`",
         .mends = M::ladder,
         .app = "let the app offer more cipher suites, groups or signature algorithms",
         .server = "enable ECDHE with AES-GCM, x25519 or P-256, and a certificate with a SHA-2 signature"},
        {.name = "app-offers-too-little",
         .when = {{alert},
                  {A::handshake_failure},
                  refused_hello,
                  {F::app_has_only_old_suites},
                  {},
                  received,
                  {R::watched}},
         .likely =
             "the server has nothing in common with the little that the app offers: {suites} ({versions})",
         .client = "",
         .mends = M::ladder,
         .app = "let the app offer more than {suites}: TLS 1.3, or ECDHE with AES-GCM",
         .server = "enable one of these suites, if the app cannot be changed"},
        {.name = "name-not-provisioned",
         .when = {{alert},
                  {A::handshake_failure},
                  refused_hello,
                  {F::same_without_h2},
                  {F::without_server_name, F::same_without_server_name}},
         .likely = "this address does not have a certificate for the name",
         .client = "check the name; try another address or resolver in a rule: `address = \"192.0.2.1:443\"` "
                   "or `resolver = \"9.9.9.9\"`",
         .mends = M::path,
         .server = "provision the name at every address"},
        // ---- alert 40 later
        {.name = "client-certificate-required",
         .when = {{alert},
                  {A::handshake_failure, A::no_certificate, A::certificate_required},
                  once_answered,
                  {F::certificate_requested}},
         .likely = "the server requires a client certificate",
         .client = supply_certificate,
         .mends = M::command,
         .app = "give the app a client certificate",
         .server = "make the client certificate optional"},
        {.name = "client-certificate-required",
         .when = {{alert}, {A::certificate_required}, once_answered, {}, {F::certificate_requested}},
         .likely = "the server requires a client certificate",
         .client = supply_certificate,
         .mends = M::command,
         .app = "give the app a client certificate",
         .server = "make the client certificate optional"},
        {.name = "client-certificate-required",
         .when = {{reset, eof}, {}, {P::finished}, {}, {}, received, {R::watched}},
         .likely = "the server requires a client certificate, which is how that looks in TLS 1.3",
         .client = supply_certificate,
         .mends = M::command,
         .app = "give the app a client certificate",
         .server = "make the client certificate optional"},
        {.name = "client-certificate-refused",
         .when = {{alert}, certificate_alerts, once_answered, {F::certificate_requested}},
         .likely = "the server does not accept the client certificate, or requires one",
         .client = supply_certificate,
         .mends = M::command,
         .app = "give the app a certificate of an issuer that the server trusts",
         .server = "trust its issuer"},
        // ---- refused by our own library: the server refused nothing
        {.name = "weak-dh",
         .when = {{alert, library},
                  {A::handshake_failure},
                  once_answered,
                  {F::finite_field_dh},
                  {},
                  sent,
                  {R::dialled}},
         .likely = "the server's Diffie-Hellman key is shorter than 2048 bits, and alert40 refused it",
         .client = "leave the DHE suites out of the profile's ciphers: `ciphers = \"ECDHE+AESGCM\"`; or, "
                   "weaker, for this host only: `security_level = 1`",
         .server = "use 2048 bits or ECDHE"},
        {.name = "no-secure-renegotiation",
         .when = {{alert, library},
                  {A::handshake_failure},
                  {P::server_hello},
                  {F::answered_tls12},
                  {F::finite_field_dh},
                  sent,
                  {R::dialled}},
         .likely = "the server lacks secure renegotiation (RFC 5746), and alert40 refused it",
         .client = "weaker, in a profile for this host only: `legacy_renegotiation = true`",
         .server = "update its TLS library"},
        {.name = "weak-signature",
         .when = {{alert, library},
                  {A::illegal_parameter, A::handshake_failure},
                  {P::certificate, P::client_certificate},
                  {F::answered_tls12},
                  {F::finite_field_dh},
                  sent,
                  {R::dialled}},
         .likely =
             "the server signs with SHA-1 or MD5, or with a key that is too small, and alert40 refused it",
         .client = "weaker, in a profile for this host only: `security_level = 0`",
         .server = "reissue the certificate with SHA-2"},
        // ---- other alerts
        {.name = "no-tls13",
         .when = {{alert}, {A::protocol_version}, {}, {F::only_tls13}},
         .likely = "only TLS 1.3 was offered and the server stops below it",
         .client = "offer TLS 1.2 as well: `versions = [\"1.2\", \"1.3\"]` in a profile",
         .mends = M::ladder,
         .app = "let the app offer TLS 1.2 as well",
         .server = "enable TLS 1.3"},
        {.name = "too-old-an-offer",
         .when = {{alert}, {A::protocol_version}, {}, {}, {F::offered_tls13}},
         .likely = "no version that was offered ({versions}) is enabled there: the server wants a later one",
         .client = "offer TLS 1.3 as well: `versions = [\"1.2\", \"1.3\"]` in a profile",
         .mends = M::ladder,
         .app = "let the app offer TLS 1.3",
         .server = "enable TLS 1.2"},
        {.name = "no-common-version",
         .when = {{alert}, {A::protocol_version}, {}, {F::offered_tls12, F::offered_tls13}},
         .likely = "the server stops below TLS 1.2",
         .client = dial_legacy,
         .mends = M::command,
         .server = "enable TLS 1.2 and 1.3"},
        {.name = "server-chose-another-version",
         .when = {{alert, library}, {A::protocol_version}, {}, {}, {}, sent, {R::dialled}},
         .likely = "the server answered with a version that was not offered: it speaks an older one",
         .client = dial_legacy,
         .mends = M::command,
         .server = "enable TLS 1.2 and 1.3"},
        {.name = "stronger-parameters-wanted",
         .when = {{alert}, {A::insufficient_security}},
         .likely = "the server wants stronger parameters than were offered",
         .client = "strengthen the offer; a weaker profile cannot help",
         .server = "widen its policy"},
        {.name = "hello-not-digested",
         .when = {{alert}, {A::internal_error}, refused_hello, {}, {F::without_server_name}},
         .likely = "the name is unknown to the server, or it chokes on something in the ClientHello",
         .client =
             "check the name; offer less: `profile = \"small-hello\"` in a rule, then `profile = \"tls12\"`",
         .mends = M::ladder,
         .server = "configure a default certificate; update its TLS library"},
        {.name = "version-was-not-the-fault",
         .when = {{alert}, {A::inappropriate_fallback}, {}, {F::sent_scsv}},
         .likely = "the server speaks a higher version than this attempt offered (it answered "
                   "TLS_FALLBACK_SCSV): the "
                   "version was never its fault",
         .client = "undo the downgrade, and look at the path or at the rest of the offer",
         .mends = M::ladder,
         .app = "let the app offer its highest version again"},
        {.name = "extension-missing",
         .when = {{alert}, {A::missing_extension}},
         .likely = "an extension that the server needs was left out",
         .client = "send it again: server_name, groups, signature_algorithms and alpn as `profile = "
                   "\"modern\"` in a rule has them",
         .mends = M::ladder},
        {.name = "name-unknown",
         .when = {{alert}, {A::unrecognized_name}},
         .likely = "the server does not know the name in server_name",
         .client = "check the name; send another one, or none: `profile = \"no-sni\"` in a rule",
         .mends = M::ladder,
         .app = "make the app send the right name (SNI)",
         .server = "add the name to its virtual hosts"},
        {.name = "no-common-application-protocol",
         .when = {{alert}, {A::no_application_protocol}},
         .likely = "there is no common ALPN protocol",
         .client = "offer http/1.1 only (`profile = \"http1\"` in a rule), or none (`profile = \"no-alpn\"`)",
         .mends = M::ladder,
         .app = "let the app offer http/1.1",
         .server = "enable the protocol"},
        {.name = "alpn-not-answered",
         .when = {{alpn}},
         .likely = "the server does not support ALPN, or something on the path takes it out; no alert is "
                   "sent for that",
         .client = "use http/1.1: `profile = \"http1\"` in a rule, or `profile = \"no-alpn\"`",
         .server = "exempt the host from inspection"},
        // ---- no alert
        {.name = "large-hello",
         .when = {{reset, eof, timeout}, {}, refused_hello, {F::over_one_packet}, {F::same_when_small}},
         .likely =
             "the server, or something on the path, fails when the ClientHello takes more than one packet "
             "(https://tldr.fail)",
         .client = "offer less: `profile = \"small-hello\"` in a rule",
         .mends = M::ladder,
         .app = "turn off the app's post-quantum key share (ML-KEM)",
         .server = "read until the message is complete"},
        {.name = "version-intolerant",
         .when = {{reset, eof}, {}, refused_hello, {F::offered_tls13}, {F::same_with_tls12}},
         .likely = "the server, or something on the path, drops a ClientHello that offers TLS 1.3",
         .client = "offer TLS 1.2 only: `profile = \"tls12\"` in a rule",
         .mends = M::ladder,
         .app = "let the app offer TLS 1.2 only",
         .server = "update its TLS library"},
        {.name = "name-filtered",
         .when = {{reset, eof},
                  {},
                  refused_hello,
                  {},
                  {F::without_server_name, F::same_without_server_name, F::only_certificate_remains}},
         .likely = "something on the path filters by the name in server_name",
         .client = "take another path (`via`), or split the hello: `split_hello = \"record:5\"`, in a rule "
                   "for a watched app, in a profile for alert40's own dials",
         .mends = M::path},
        {.name = "path-or-backend-silent",
         .when = {{timeout}, {}, refused_hello},
         .likely = "a path whose MTU is smaller than it says, a filter, or a dead backend",
         .client = other_way,
         .mends = M::path,
         .server = "check the backends and ICMP on the path"},
        {.name = "not-a-tls-port",
         .when = {{not_tls}},
         .likely = "this port does not speak TLS",
         .client = "use the scheme http, or another port",
         .mends = M::path,
         .server = "configure TLS on the port"},
        {.name = "http2-broken",
         .when = {{h2}},
         .likely = "HTTP/2 is broken at the server or on the path, although the handshake chose it",
         .client = "offer http/1.1 only: `profile = \"http1\"` in a rule",
         .server = "fix HTTP/2, or do not offer it"},
        // ---- before the handshake
        {.name = "name-does-not-resolve",
         .when = {{dns}, {}, {}, {}, {F::through_proxy}},
         .likely = "the name does not exist for this resolver, or the resolver does not answer properly",
         .client = "check the name; try another resolver in a rule: `resolver = \"9.9.9.9\"`",
         .mends = M::path},
        {.name = "resolver-silent",
         .when = {{timeout}, {}, {P::resolve}, {}, {F::through_proxy}},
         .likely = "the resolver cannot be reached",
         .client = "try another resolver in a rule: `resolver = \"9.9.9.9\"`",
         .mends = M::path},
        {.name = "nothing-listens",
         .when = {{refused}, {}, {P::connect}, {}, {F::through_proxy}},
         .likely = "nothing listens on that address and port, or a firewall refuses it",
         .client = "check the port; try another address in a rule: `address = \"192.0.2.1:443\"`",
         .mends = M::path,
         .server = "start the service"},
        {.name = "no-route",
         .when = {{unreachable}, {}, {P::connect}, {}, {F::through_proxy}},
         .likely = "this machine has no route to the address",
         .client = "check the network or VPN; try another address or an upstream proxy in a rule: `address = "
                   "\"192.0.2.1:443\"` or `via = \"http://proxy.example:3128\"`",
         .mends = M::path},
        {.name = "connect-filtered",
         .when = {{timeout}, {}, {P::connect}, {}, {F::through_proxy}},
         .likely = "a firewall drops the packets, or the host is down",
         .client = "check the network; try another address or an upstream proxy in a rule: `address = "
                   "\"192.0.2.1:443\"` or `via = \"http://proxy.example:3128\"`",
         .mends = M::path},
        {.name = "upstream-proxy-unreachable",
         .when = {{dns, refused, unreachable, timeout}, {}, {P::resolve, P::connect}, {F::through_proxy}},
         .likely = "the upstream proxy {via} is down or is not there; the origin was not asked",
         .client =
             "start the proxy, or correct its address (--via, `via` in a rule, or HTTPS_PROXY in alert40's "
             "environment); or go past it: `alert40 run --via direct`",
         .mends = M::path},
        {.name = "upstream-proxy-refuses",
         .when = {{refused, reset, eof, timeout, malformed, not_tls, unreachable}, {}, {P::proxy_connect}},
         .likely = "the upstream proxy does not open the tunnel",
         .client = "check its address and credentials (--via, or `via` in a rule); or go past it: `alert40 "
                   "run --via direct`",
         .mends = M::path,
         .server = "allow the host in the upstream proxy"},
        // ---- certificates
        {.name = "certificate-expired",
         .when = {{verify}, {}, {}, {F::expired}},
         .likely = "the server's certificate has expired; if every host says so, the local clock is wrong",
         .client = "check the clock; until it is renewed, in a profile for this host: `verify = { time = "
                   "\"{valid}\" }`",
         .server = "renew the certificate"},
        {.name = "certificate-not-yet-valid",
         .when = {{verify}, {}, {}, {F::not_yet_valid}},
         .likely =
             "the server's certificate is not valid yet; if every host says so, the local clock is wrong",
         .client = "check the clock",
         .server = "wait, or issue another certificate"},
        {.name = "certificate-self-signed",
         .when = {{verify}, {}, {}, {F::self_signed}},
         .likely = "the server's certificate is signed by itself",
         .client = "trust it, for this host: `alert40 run --host {host} --cacert ca.pem --intercept {host}`, "
                   "or `verify = { ca_file = \"ca.pem\" }` in a profile",
         .server = "use a certificate of a known authority"},
        {.name = "certificate-not-trusted",
         .when = {{verify}, {}, {}, {}, {F::expired, F::not_yet_valid, F::self_signed}},
         .likely = "the certificate is for another name, an intermediate is missing, or its issuer is not "
                   "known here (if "
                   "every host has the same issuer, an intercepting proxy or antivirus)",
         .client = trust_issuer,
         .server = "send the whole chain for this name"},
        {.name = "certificate-remains",
         .when = {refusals, {}, {}, {F::only_certificate_remains}, {}, received, {R::dialled}},
         .likely = "profile \"{step}\" gets past that, and there only the certificate remains to be mended: "
                   "{objection} (issued by {issuer})",
         .client =
             "trust that issuer: `alert40 run --host {host} --profile {step} --cacert ca.pem --intercept "
             "{host}`, SSL_CERT_FILE in alert40's environment, or `[profile.trusting]` with `extends = "
             "\"{step}\"` and `verify = { ca_file = \"ca.pem\" }`",
         .mends = M::command,
         .server = "send the whole chain for this name",
         .joint = "; and "},
        // ---- the app ended a handshake that was watched: the server refused nothing
        {.name = "certificate-expired",
         .when = {{alert}, certificate_alerts, {}, {F::expired}, {}, sent, {R::watched}},
         .likely =
             "the server's certificate has expired, or this machine's clock is wrong, and the app refused it",
         .client = "check the clock",
         .mends = M::path,
         .server = "renew the certificate"},
        {.name = "certificate-not-yet-valid",
         .when = {{alert}, certificate_alerts, {}, {F::not_yet_valid}, {}, sent, {R::watched}},
         .likely = "the server's certificate is not valid yet, or this machine's clock is wrong, and the app "
                   "refused it",
         .client = "check the clock",
         .mends = M::path,
         .server = "wait, or issue another certificate"},
        {.name = "certificate-refused-by-app",
         .when = {{alert}, certificate_alerts, {}, {}, {F::expired, F::not_yet_valid}, sent, {R::watched}},
         .likely =
             "the app does not know the issuer of the server's certificate (if every host has the same, an "
             "intercepting proxy or antivirus), expects another name, or pins another certificate",
         .client = "",
         .mends = M::trust,
         .server = "send the whole chain for this name"},
        {.name = "certificate-refused-by-app",
         .when = {{reset, eof}, {}, shown_certificate, {}, {F::resumed}, sent, {R::watched}},
         .likely = "the app does not accept the server's certificate, which is how that looks in TLS 1.3; or "
                   "it was closed",
         .client = "",
         .mends = M::trust,
         .server = "send the whole chain for this name"},
        {.name = "old-version-refused-by-app",
         .when = {{alert}, refused_answers, answered, {F::answered_below_tls12}, {}, sent, {R::watched}},
         .likely = "the server speaks {answered}, which the app refuses as too old",
         .client = dial_legacy,
         .mends = M::command,
         .server = "enable TLS 1.2 and 1.3"},
        {.name = "answer-refused-by-app",
         .when = {{alert},
                  {A::handshake_failure, A::protocol_version, A::illegal_parameter, A::insufficient_security},
                  answered,
                  {},
                  {F::answered_below_tls12},
                  sent,
                  {R::watched}},
         .likely = "the app refused what the server chose: an old version, weak Diffie-Hellman, or no secure "
                   "renegotiation",
         .client =
             "allow in a profile for this host what it needs: `ciphers` or, weaker, `security_level = 0`",
         .server = "update its TLS library and its parameters"},
        {.name = "app-gave-up",
         .when = {{reset, eof}, {}, refused_hello, {}, {}, sent, {R::watched}},
         .likely = "the app did not wait any longer for the server's answer, or was closed",
         .client = "if the server was slow, try another address or resolver in a rule: `address = "
                   "\"192.0.2.1:443\"` or `resolver = \"9.9.9.9\"`",
         .mends = M::path},
        // ---- between an app and alert40
        {.name = "authority-not-trusted",
         .when = {{alert}, certificate_alerts, {}, {}, {}, received, app_here},
         .likely = authority_not_trusted,
         .client = watch_instead,
         .mends = M::trust},
        {.name = "authority-not-trusted",
         .when = {{reset, eof}, {}, answered, {}, {}, received, app_here},
         .likely = authority_not_trusted,
         .client = watch_instead,
         .mends = M::trust},
        {.name = "closed-without-a-request",
         .when = {{reset, eof}, {}, {P::after}, {}, {}, received, app_here},
         .likely =
             "the app looked at the certificate after the handshake and does not trust the local authority "
             "(git with GnuTLS does so); or it had no use for the connection",
         .client = watch_instead,
         .mends = M::trust},
        {.name = "app-too-old",
         .when = {{alert, library}, {A::protocol_version}, {}, {}, {}, sent, app_here},
         .likely = "the app offers no version that alert40 has ({versions})",
         .client = watch_if_it_fits,
         .app = "let the app offer TLS 1.2 or 1.3"},
        {.name = "app-offers-too-little",
         .when = {{alert, library}, {A::handshake_failure}, {}, {}, {}, sent, app_here},
         .likely =
             "alert40 has no cipher suite, group or signature algorithm in common with what the app offers: "
             "{suites} ({versions})",
         .client = watch_if_it_fits,
         .app = "let the app offer more than {suites}: TLS 1.3, or ECDHE with AES-GCM, and the group x25519 "
                "or P-256"},
    });
}();

} // namespace alert40::record
