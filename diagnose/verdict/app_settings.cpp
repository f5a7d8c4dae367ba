#include "diagnose/verdict/app_settings.hpp"

#include <array>

namespace alert40::diagnose {
namespace {

constexpr auto table = std::to_array<AppSetting>({
    {"alpn-http1", "Cursor, VS Code",
     "`\"cursor.general.disableHttp2\": true` in settings.json (Cursor), then start it again"},
    {"alpn-http1", "curl", "`curl --http1.1 {url}`"},
    {"alpn-http1", "Node",
     "`https.request({ ALPNProtocols: ['http/1.1'], ... })`; fetch of undici: `new Agent({ allowH2: false "
     "})`"},
    {"alpn-http1", "Python",
     "`httpx.Client(http2=False)`; ssl: `context.set_alpn_protocols([\"http/1.1\"])`"},
    {"alpn-http1", "Go",
     "`GODEBUG=http2client=0` in its environment, or `TLSNextProto: map[string]func(string, *tls.Conn) "
     "http.RoundTripper{}`"},
    {"alpn-http1", "Java", "`HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)`"},

    {"no-alpn", "curl", "`curl --no-alpn {url}`"},
    {"no-alpn", "Python", "an `ssl.SSLContext` without set_alpn_protocols"},
    {"no-alpn", "Go", "`tls.Config{NextProtos: nil}` with `ForceAttemptHTTP2: false`"},
    {"no-alpn", "Java", "`SSLParameters.setApplicationProtocols(new String[0])`"},

    {"server-name", "curl",
     "ask by name, not by address: `curl --connect-to NAME:443:{host}:443 https://NAME/`"},
    {"server-name", "Node", "`tls.connect({ servername: 'NAME', ... })`"},
    {"server-name", "Python", "`context.wrap_socket(sock, server_hostname=\"NAME\")`"},
    {"server-name", "Go", "`tls.Config{ServerName: \"NAME\"}`"},

    {"tls12", "curl", "`curl --tls-max 1.2 {url}`"},
    {"tls12", "Node", "`NODE_OPTIONS=--tls-max-v1.2` in its environment"},
    {"tls12", "Python", "`context.maximum_version = ssl.TLSVersion.TLSv1_2`"},
    {"tls12", "Go", "`tls.Config{MaxVersion: tls.VersionTLS12}`"},
    {"tls12", "Java", "`-Djdk.tls.client.protocols=TLSv1.2` or `-Dhttps.protocols=TLSv1.2`"},

    {"small-hello", "Chromium, Electron",
     "turn off the post-quantum key share: the policy `PostQuantumKeyAgreementEnabled: false`"},
    {"small-hello", "curl", "`curl --curves X25519:P-256 {url}`"},
    {"small-hello", "Go",
     "`GODEBUG=tlsmlkem=0` in its environment, or `tls.Config{CurvePreferences: []tls.CurveID{tls.X25519, "
     "tls.CurveP256}}`"},
    {"small-hello", "Node", "`tls.connect({ ecdhCurve: 'X25519:P-256', ... })`"},

    {"ecdhe-cbc", "curl", "`curl --ciphers 'DEFAULT' {url}`"},
    {"ecdhe-cbc", "Node", "`tls.DEFAULT_CIPHERS += ':ECDHE+AES'`"},
    {"ecdhe-cbc", "Python", "`context.set_ciphers(\"DEFAULT\")`"},
    {"static-rsa", "curl", "`curl --ciphers 'DEFAULT:kRSA' {url}`"},
    {"static-rsa", "Node", "`tls.DEFAULT_CIPHERS += ':kRSA'`"},
    {"static-rsa", "Python", "`context.set_ciphers(\"DEFAULT:kRSA\")`"},
    {"static-rsa", "Go", "`GODEBUG=tlsrsakex=1` in its environment"},
    {"dhe", "curl", "`curl --ciphers 'DEFAULT' {url}`"},
    {"dhe", "Python", "`context.set_ciphers(\"DEFAULT\")`"},

    {"client-certificate", "curl", "`curl --cert client.pem --key client.key {url}`"},
    {"client-certificate", "Node",
     "`https.request({ cert, key, ... })`; fetch of undici: `new Agent({ connect: { cert, key } })`"},
    {"client-certificate", "Python",
     "`context.load_cert_chain(\"client.pem\", \"client.key\")`; requests: `cert=(\"client.pem\", "
     "\"client.key\")`"},
    {"client-certificate", "Go", "`tls.Config{Certificates: []tls.Certificate{own}}`"},
    {"client-certificate", "Java",
     "`-Djavax.net.ssl.keyStore=client.p12 -Djavax.net.ssl.keyStoreType=PKCS12`"},
    {"client-certificate", "Chromium, Electron",
     "import it: `pk12util -d sql:$HOME/.pki/nssdb -i client.p12`"},

    {"legacy-renegotiation", "Node", "`secureOptions: crypto.constants.SSL_OP_LEGACY_SERVER_CONNECT`"},
    {"legacy-renegotiation", "Python",
     "`context.options |= 0x4` (OP_LEGACY_SERVER_CONNECT, named so from Python 3.12 on)"},
    {"legacy-renegotiation", "anything with OpenSSL 3",
     "`Options = UnsafeLegacyServerConnect` in a file that OPENSSL_CONF names"},

    {"security-level-1", "curl", "`curl --ciphers 'DEFAULT:@SECLEVEL=1' {url}`"},
    {"security-level-1", "Node", "`ciphers: 'DEFAULT:@SECLEVEL=1'`"},
    {"security-level-1", "Python", "`context.set_ciphers(\"DEFAULT:@SECLEVEL=1\")`"},
    {"security-level-0", "curl", "`curl --ciphers 'DEFAULT:@SECLEVEL=0' {url}`"},
    {"security-level-0", "Node", "`ciphers: 'DEFAULT:@SECLEVEL=0'`"},
    {"security-level-0", "Python", "`context.set_ciphers(\"DEFAULT:@SECLEVEL=0\")`"},

    {"old-versions", "curl", "`curl --tlsv1.0 --ciphers 'DEFAULT:@SECLEVEL=0' {url}`"},
    {"old-versions", "Node", "`NODE_OPTIONS=--tls-min-v1.0`, and `ciphers: 'DEFAULT:@SECLEVEL=0'`"},
    {"old-versions", "Python",
     "`context.minimum_version = ssl.TLSVersion.TLSv1`, and `context.set_ciphers(\"DEFAULT:@SECLEVEL=0\")`"},
    {"old-versions", "Go", "`tls.Config{MinVersion: tls.VersionTLS10}`"},
    {"old-versions", "Java", "take TLSv1 and TLSv1.1 out of `jdk.tls.disabledAlgorithms`"},

    {"direct", "any app", "put {host} into `NO_PROXY`"},
});

} // namespace

std::span<AppSetting const> app_settings() {
    return table;
}

} // namespace alert40::diagnose
