#include "diagnose/explain/limits.hpp"
#include "explained.hpp"

#include <string>

using namespace alert40;
using explain::Family;
using explain::Side;
using tls::Direction;

namespace {

explain::Sighting seen(std::string_view line) {
    auto const sighting = tests::scanner().scan(line);
    INFO(line);
    REQUIRE(sighting);
    return *sighting;
}

explain::Subject subject_alone(std::string_view text) {
    auto const sighting = tests::scanner().scan_alone(text);
    INFO(text);
    REQUIRE(sighting);
    return sighting->subject;
}

constexpr auto nginx_upstream = "[error] 7#7: *1 SSL_do_handshake() failed (SSL: error:0A000410:SSL "
                                "routines::sslv3 alert handshake failure:SSL "
                                "alert number 40) while SSL handshaking to upstream, client: 127.0.0.1, "
                                "upstream: \"https://api.example.com/\"";
constexpr auto nginx_client = "[crit] 7#7: *5 SSL_do_handshake() failed (SSL: error:0A000418:SSL "
                              "routines::tlsv1 alert unknown ca:SSL alert "
                              "number 48) while SSL handshaking, client: 192.0.2.7, server: 0.0.0.0:443";

} // namespace

TEST_CASE("the words around a failure tell who wrote them, and on which side") {
    auto const upstream = seen(nginx_upstream);
    CHECK(upstream.library == Family::openssl_3);
    CHECK(upstream.program == Family::nginx);
    CHECK(upstream.side == Side::client);
    CHECK(upstream.direction == Direction::received);
    CHECK(upstream.host == "api.example.com");
    auto const client = seen(nginx_client);
    CHECK(client.subject == explain::Subject{tls::AlertDescription::unknown_ca});
    CHECK(client.side == Side::server);
}

TEST_CASE("an alert that was sent is told from one that was received") {
    CHECK(seen("remote error: tls: bad certificate").direction == Direction::received);
    CHECK(seen("local error: tls: bad record MAC").direction == Direction::sent);
    CHECK(seen("* TLSv1.3 (IN), TLS alert, handshake failure (552):").direction == Direction::received);
    CHECK(seen("* TLSv1.3 (OUT), TLS alert, unknown CA (560):").direction == Direction::sent);
    CHECK(seen("* TLSv1.3 (OUT), TLS alert, unknown CA (560):").subject ==
          explain::Subject{tls::AlertDescription::unknown_ca});
}

TEST_CASE("a text that is nothing but a code is understood") {
    using A = tls::AlertDescription;
    for (auto const* const code :
         {"0A000410", "0x0A000410", "14094410", "10000410", "1000009a", "-9824", "40", " handshake_failure\n",
          "handshake failure", "error:14094410", "SSL alert number 40"})
        CHECK(subject_alone(code) == explain::Subject{A::handshake_failure});
    CHECK(subject_alone("-113") == explain::Subject{explain::Trouble::version_or_cipher});
    CHECK(subject_alone("-12286") == explain::Subject{explain::Trouble::no_overlap});
    CHECK(subject_alone("0x80090326") == explain::Subject{explain::Trouble::unnamed_alert});
    CHECK(subject_alone("ERR_SSL_VERSION_OR_CIPHER_MISMATCH") ==
          explain::Subject{explain::Trouble::version_or_cipher});
    CHECK(tests::scanner().scan_alone("40")->direction == std::nullopt);
    for (auto const* const other :
         {"", " ", "41a", "4096", "-1", "12345678", "hello", "0A00041", "0A0004100"})
        CHECK_FALSE(tests::scanner().scan_alone(other));
}

TEST_CASE("words that only look alike are no failure") {
    for (auto const* const line :
         {"GET /v1/40 200 in 40 ms", "nghttp2 1.52 is in use", "10000410 rows in 3 s",
          "the receipt 0A000410 was printed", "subprocess terminated", "listening on 0.0.0.0:443",
          "error: 12 tests failed", "errcode=none", "sslv3 alert level is set",
          "recepipes were timed outward", "curl: (0) fine", "net_error 0"})
        CHECK_FALSE(tests::scanner().scan(line));
}

TEST_CASE("a host is taken only where it is safe to be pasted") {
    CHECK(seen("https://api.example.com/x: connection reset by peer").host == "api.example.com");
    CHECK(seen("HTTPSConnectionPool(host='pypi.org', port=443): connection reset by peer").host ==
          "pypi.org");
    CHECK(seen("https://user:secret@api.example.com:8443/x: connection reset by peer").host ==
          "api.example.com");
    CHECK(seen("https://$(reboot).example/: connection reset by peer").host.empty());
    CHECK(seen("https://-oProxyCommand=x.y/: connection reset by peer").host.empty());
}

TEST_CASE("a line of nothing but signs is bounded") {
    std::string line;
    while (line.size() < explain::limits::line_bytes)
        line += "SSL alert number 40 ";
    CHECK(seen(line).subject == explain::Subject{tls::AlertDescription::handshake_failure});
}
