// Who a hello looks like. The files are the first flights of real clients of Debian 12, taken by a socket
// that listens, reads one record and closes: `curl https://localhost:PORT`, `git ls-remote https://...`
// (libcurl with GnuTLS), `wget`, `gnutls-cli`, `tstclnt` (NSS 3.87), `openssl s_client`, Node 20 (`https.get`
// and `fetch`), Python 3.11 (`ssl` and `urllib.request`), Java 17 (`HttpClient`). The others are built as
// these clients are known to build them.
#include "support/bytes.hpp"
#include "support/catch.hpp"
#include "support/client_hello_builder.hpp"
#include "tls/fingerprint/known_clients.hpp"
#include "tls/wire/handshake_message.hpp"
#include "tls/wire/record.hpp"

#include <string>
#include <utility>

using namespace alert40::tls;
using alert40::tests::ClientHelloBuilder;
using alert40::tests::hex;
using fingerprint::looks_like;

namespace {

std::string like_file(std::string const& name) {
    auto const flight = alert40::tests::read_file("golden/tls/client_hello/" + name + ".bin");
    auto const body = wire::Bytes(flight).subspan(wire::record_header_size + wire::handshake_header_size);
    auto const hello = wire::parse_client_hello(body);
    REQUIRE(hello.has_value());
    return std::string(looks_like(*hello));
}

constexpr std::uint16_t grease = 0x3a3a;

/// Chromium 120 and later, without the order of extensions, which it shuffles.
ClientHelloBuilder chromium() {
    ClientHelloBuilder hello;
    hello.session_id(alert40::tests::Buffer(32, 7))
        .suites({grease, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
                 0xc014, 0x009c, 0x009d, 0x002f, 0x0035})
        .extension(grease)
        .extension(27, hex("020002"))
        .versions({grease, 0x0304, 0x0303})
        .groups({grease, 0x11ec, 29, 23, 24})
        .alpn({"h2", "http/1.1"})
        .server_name("example.com")
        .key_shares({grease, 0x11ec, 29})
        .extension(17613, hex("0003026832"))
        .signature_algorithms({0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601})
        .point_formats({0})
        .extension(0xdada, hex("00"));
    return hello;
}

} // namespace

TEST_CASE("real clients are known by their hellos") {
    auto const [file, name] = GENERATE(table<char const*, char const*>({
        {"curl", "curl (OpenSSL 3)"},
        {"git", "GnuTLS"},
        {"wget", "GnuTLS"},
        {"gnutls", "GnuTLS"},
        {"gnutls_tls12", "GnuTLS"},
        {"nss", "NSS"},
        {"java", "Java"},
        {"node", "Node.js (OpenSSL 3)"},
        {"node_fetch", "Node.js (OpenSSL 3)"},
        {"python", "Python (OpenSSL 3)"},
        {"python_urllib", "Python (OpenSSL 3)"},
        {"openssl", "OpenSSL 3"},
        {"openssl_tls12", "OpenSSL"},
        {"openssl_tls10", "OpenSSL"},
    }));
    CAPTURE(file);
    CHECK(like_file(file) == name);
}

TEST_CASE("Chromium greases and offers AES-128 first; Apple offers AES-256 first") {
    CHECK(looks_like(chromium().hello()) == "Chromium or Electron (BoringSSL)");
    ClientHelloBuilder safari;
    safari.suites({grease, 0x1301, 0x1302, 0x1303, 0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8})
        .extension(grease)
        .server_name("example.com")
        .extension(23)
        .extension(0xff01, hex("00"))
        .groups({grease, 29, 23, 24, 25});
    CHECK(looks_like(safari.hello()) == "Safari or another Apple app");
}

TEST_CASE("BoringSSL without a browser around it") {
    ClientHelloBuilder grpc;
    grpc.suites({0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8})
        .server_name("example.com")
        .extension(23)
        .extension(0xff01, hex("00"))
        .groups({29, 23, 24})
        .point_formats({0})
        .alpn({"grpc-exp", "h2"});
    CHECK(looks_like(grpc.hello()) == "BoringSSL (gRPC, or Node in Electron)");
}

TEST_CASE("Firefox delegates credentials and limits the size of records") {
    ClientHelloBuilder firefox;
    firefox.suites({0x1301, 0x1303, 0x1302, 0xc02b, 0xc02f, 0xcca9, 0xcca8, 0xc02c, 0xc030})
        .server_name("example.com")
        .extension(23)
        .extension(0xff01, hex("00"))
        .groups({0x11ec, 29, 23, 24, 25, 256, 257})
        .point_formats({0})
        .extension(35)
        .alpn({"h2", "http/1.1"})
        .extension(5, hex("0100000000"))
        .extension(34, hex("00080403050306030203"))
        .key_shares({0x11ec, 29, 23})
        .versions({0x0304, 0x0303})
        .signature_algorithms({0x0403, 0x0503, 0x0603, 0x0804})
        .extension(45, hex("0101"))
        .extension(28, hex("4001"));
    CHECK(looks_like(firefox.hello()) == "Firefox (NSS)");
}

TEST_CASE("Go puts the suites of TLS 1.3 last") {
    ClientHelloBuilder go;
    go.suites({0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014, 0x1301, 0x1302,
               0x1303})
        .server_name("example.com")
        .extension(5, hex("0100000000"))
        .groups({29, 23, 24, 25})
        .point_formats({0})
        .signature_algorithms({0x0804, 0x0403, 0x0807})
        .extension(0xff01, hex("00"))
        .alpn({"h2", "http/1.1"})
        .extension(18)
        .versions({0x0304, 0x0303})
        .key_shares({29});
    CHECK(looks_like(go.hello()) == "Go");
}

TEST_CASE("rustls signs with P-384 first") {
    ClientHelloBuilder rustls;
    rustls.suites({0x1302, 0x1301, 0x1303, 0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8, 0x00ff})
        .versions({0x0304, 0x0303})
        .point_formats({0})
        .groups({29, 23, 24})
        .signature_algorithms({0x0503, 0x0403, 0x0807, 0x0806, 0x0805, 0x0804, 0x0601, 0x0501, 0x0401})
        .extension(23)
        .server_name("example.com");
    CHECK(looks_like(rustls.hello()) == "Rust (rustls)");
}

TEST_CASE("a hello like no other is like none") {
    CHECK(looks_like(ClientHelloBuilder{}.hello()).empty());
    CHECK(looks_like(ClientHelloBuilder{}.suites({0x1301}).alpn({"h2"}).hello()).empty());
    CHECK(looks_like(ClientHelloBuilder{}.suites({grease}).hello()).empty());
}
