#include "diagnose/verdict/server_mends.hpp"

#include <array>

namespace alert40::diagnose {
namespace {

struct ServerMend {
    std::string_view cause;
    std::string_view where; ///< "nginx", "Apache", "a middlebox"
    std::string_view mend;  ///< what can be pasted stands in backticks
};

constexpr std::string_view strong_suites_nginx = "`ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;`";

constexpr auto table = std::to_array<ServerMend>({
    {"h2-refused", "nginx", "`http2 on;` (from 1.25.1; before: `listen 443 ssl http2;`)"},
    {"h2-refused", "Apache", "`Protocols h2 http/1.1` with mod_http2"},
    {"h2-refused", "HAProxy", "`bind :443 ssl crt ... alpn h2,http/1.1`"},
    {"h2-refused", "Envoy", "`alpn_protocols: [\"h2\", \"http/1.1\"]` in common_tls_context"},
    {"h2-refused", "a middlebox or CDN",
     "let it answer h2, or choose http/1.1 of the offer: who offers both must never be refused (RFC 7301)"},

    {"alpn-refused", "the server or a middlebox",
     "ignore an extension that is not understood (RFC 8446 section 4.2)"},
    {"no-common-application-protocol", "nginx", "`http2 on;`"},
    {"no-common-application-protocol", "HAProxy", "`bind :443 ssl crt ... alpn h2,http/1.1`"},
    {"no-common-application-protocol", "Envoy",
     "`alpn_protocols: [\"h2\", \"http/1.1\"]` in common_tls_context"},

    {"http2-broken", "nginx", "`http2 off;` until what is behind it is mended; look at its error log"},
    {"http2-broken", "Envoy, a CDN",
     "look at which hop sends the GOAWAY or RST_STREAM; offer only http/1.1 by ALPN until then"},

    {"server-name-required", "nginx", "a `default_server` with a certificate"},
    {"server-name-required", "HAProxy", "leave out `strict-sni`"},
    {"server-name-required", "Apache", "`SSLStrictSNIVHostCheck off` and a default VirtualHost"},
    {"name-unknown", "nginx", "add the name to `server_name`, with a certificate for it"},
    {"name-unknown", "a CDN", "add the name to the distribution, and its certificate"},
    {"name-not-provisioned", "a CDN", "provision the name and its certificate at every edge"},
    {"name-not-provisioned", "HAProxy", "add the certificate to the `crt` list"},
    {"name-filtered", "the network", "exempt the name from the filter"},

    {"large-hello", "the server", "read until the whole ClientHello has come, however many packets it takes"},
    {"large-hello", "a middlebox", "update it: it has to put the ClientHello together from several segments"},
    {"hello-in-segments", "the server",
     "read until the whole ClientHello has come, however many packets it takes"},
    {"hello-in-segments", "a middlebox",
     "update it: it has to put the ClientHello together from several segments"},
    {"hello-not-digested", "the server", "update its TLS library"},
    {"ticket-extension-refused", "the server", "update its TLS library"},
    {"extension-refused", "the server or a middlebox",
     "ignore an extension that is not understood (RFC 8446 section 4.2)"},
    {"fingerprint-blocked", "the server, a CDN or a firewall",
     "exempt this client from the rule that goes by JA3, JA4 or bots"},
    {"stronger-parameters-wanted", "the server",
     "widen its policy: TLS 1.2 with ECDHE and AES-128-GCM is strong"},
    {"intercepting-proxy", "the network", "exempt the host from inspection"},
    {"upstream-proxy", "the network", "exempt the host in the proxy, or have it pass TLS as it is"},
    {"authorities-incomplete", "this machine", "add the authority to the file, or trust the system's store"},
    {"alpn-order", "the server or a middlebox",
     "look at the whole list of ALPN, in the server's order of preference (RFC 7301 section 3.2)"},
    {"hello-filtered", "the network", "exempt the host from the filter"},
    {"every-hello-refused", "the server",
     "look at its error log: a missing certificate, suites that do not fit its key, or a rule about this "
     "address"},
    {"version-intolerant", "the server",
     "update its TLS library: it has to choose TLS 1.2 of an offer of 1.3 (RFC 8446 section 4.1.3)"},
    {"version-intolerant", "a middlebox", "update it, or exempt the host from inspection"},

    {"tls13-broken-on-the-way", "a middlebox", "update it, or exempt the host from inspection"},
    {"tls13-broken-on-the-way", "the server", "update what stands in front of it, and its TLS library"},

    {"no-common-cipher-suite", "nginx", strong_suites_nginx},
    {"no-common-cipher-suite", "Apache", "`SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20`"},
    {"no-common-cipher-suite", "HAProxy", "`ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20`"},
    {"no-common-cipher-suite", "Envoy", "leave `cipher_suites` of tls_params out"},
    {"no-common-group", "nginx", "`ssl_ecdh_curve X25519:prime256v1:secp384r1;`"},
    {"no-common-group", "Apache", "`SSLOpenSSLConfCmd Curves X25519:prime256v1:secp384r1`"},
    {"no-common-group", "HAProxy", "`ssl-default-bind-curves X25519:P-256:P-384`"},
    {"no-common-signature-algorithm", "the server",
     "a certificate with a SHA-256 signature, and a current TLS library"},
    {"no-common-version", "nginx", "`ssl_protocols TLSv1.2 TLSv1.3;`"},
    {"no-common-version", "Apache", "`SSLProtocol -all +TLSv1.2 +TLSv1.3`"},
    {"no-common-version", "HAProxy", "`ssl-default-bind-options ssl-min-ver TLSv1.2`"},
    {"no-secure-renegotiation", "the server", "update its TLS library (one of after 2010)"},
    {"weak-dh", "nginx",
     "`ssl_dhparam` with 2048 bits or more, or better ECDHE alone: `ssl_ciphers "
     "ECDHE+AESGCM:ECDHE+CHACHA20;`"},
    {"weak-dh", "Apache", "ECDHE alone: `SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20`"},
    {"weak-signature", "the server", "reissue the certificate with SHA-256"},
    {"weak-certificate", "the server",
     "reissue the certificate: RSA with 2048 bits or P-256, signed with SHA-256"},

    {"client-certificate-required", "nginx", "`ssl_verify_client optional;`"},
    {"client-certificate-required", "Apache", "`SSLVerifyClient optional`"},
    {"client-certificate-required", "HAProxy", "`verify optional` on the bind line"},
    {"client-certificate-required", "Envoy", "`require_client_certificate: false`"},
    {"client-certificate-refused", "the server",
     "trust who signed it: `ssl_client_certificate` (nginx), `SSLCACertificateFile` (Apache), `ca-file` "
     "(HAProxy), `trusted_ca` (Envoy)"},
    {"session-refused", "a fleet",
     "the same ticket keys and the same extended_master_secret on every member"},
    {"session-declined", "a fleet",
     "the same ticket keys on every member: nginx `ssl_session_ticket_key`, HAProxy `tls-ticket-keys`"},
    {"alpn-forced", "the server", "choose only what the client offered (RFC 7301 section 3.2)"},
    {"alpn-not-answered", "nginx", "`http2 on;`"},
    {"alpn-not-answered", "a middlebox", "exempt the host from inspection"},
    {"certificate-expired", "the server", "renew the certificate, and have it renewed by itself (ACME)"},
    {"certificate-chain-incomplete", "nginx",
     "`ssl_certificate` with the leaf and then the intermediates (fullchain.pem)"},
    {"certificate-chain-incomplete", "Apache", "the intermediates behind the leaf in `SSLCertificateFile`"},
    {"certificate-chain-incomplete", "HAProxy", "the intermediates in the file of `crt`"},
    {"one-bad-backend", "the fleet",
     "compare the configuration of the addresses that fail with those that work"},
});

} // namespace

void add_server_mends(Verdict& verdict) {
    for (auto const& cause : verdict.causes)
        for (auto const& row : table)
            if (row.cause == cause)
                verdict.remedies.push_back({std::string(row.where), std::string(row.mend)});
}

} // namespace alert40::diagnose
