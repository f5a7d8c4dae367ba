#include "diagnose/explain/limits.hpp"
#include "explained.hpp"

using namespace alert40;
using tests::all_in_short;
using tests::read_log;

TEST_CASE("of a mixed log each distinct failure is kept once, with its count and its first line") {
    auto const log = read_log("10:00:00 app starts\n"
                              "10:00:01 GET https://a.example.com/: remote error: tls: handshake failure\n"
                              "10:00:02 GET https://b.example.com/ 200\n"
                              "10:00:03 curl: (60) SSL certificate problem: certificate has expired\n"
                              "10:00:04 GET https://b.example.com/: remote error: tls: handshake failure\n"
                              "10:00:05 GET https://a.example.com/: remote error: tls: handshake failure\n"
                              "10:00:06 http2: server sent GOAWAY and closed the connection; LastStreamID=1, "
                              "ErrCode=ENHANCE_YOUR_CALM, debug=\"\"\n"
                              "10:00:07 curl: (60) SSL certificate problem: certificate has expired");
    auto const failures = log.failures();
    REQUIRE(failures.size() == 3);
    CHECK(log.lines() == 8);
    CHECK(tests::in_short(failures[0]) == "alert 40 received");
    CHECK(failures[0].line == 2);
    CHECK(failures[0].count == 3);
    CHECK(failures[0].hosts == std::vector<std::string>{"a.example.com", "b.example.com"});
    CHECK(tests::in_short(failures[1]) == "certificate_expired");
    CHECK(failures[1].line == 4);
    CHECK(failures[1].count == 2);
    CHECK(tests::in_short(failures[2]) == "h2_enhance_your_calm");
    CHECK(failures[2].count == 1);
}

TEST_CASE("the lines of one exception are one failure: what they say most exactly") {
    auto const log = read_log("System.Net.Http.HttpRequestException: The SSL connection could not be "
                              "established, see inner exception.\n"
                              " ---> System.Security.Authentication.AuthenticationException: Authentication "
                              "failed, see inner exception.\n"
                              " ---> System.ComponentModel.Win32Exception (0x80090331): The client and "
                              "server cannot communicate, because they "
                              "do not possess a common algorithm.\n"
                              "   at System.Net.Security.SslStream.ForceAuthenticationAsync\n");
    REQUIRE(log.failures().size() == 1);
    auto const& only = log.failures().front();
    CHECK(tests::in_short(only) == "no_common_suite");
    CHECK(only.count == 1);
    CHECK(only.line == 1);
    CHECK(explain::explain(only).speaker == "SChannel in .NET");
}

TEST_CASE("what an exception says again of its cause does not count twice") {
    auto const java =
        read_log("javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure\n"
                 "\tat java.base/sun.security.ssl.Alert.createSSLException(Alert.java:131)\n"
                 "Caused by: javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure\n");
    REQUIRE(java.failures().size() == 1);
    CHECK(java.failures().front().count == 1);

    auto const node = read_log(
        "Error: write EPROTO 40C7A1E7:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake "
        "failure:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1605:SSL alert number 40\n"
        "    at WriteWrap.onWriteComplete [as oncomplete] (node:internal/stream_base_commons:94:16) {\n"
        "  errno: -71,\n"
        "  code: 'EPROTO',\n"
        "  syscall: 'write'\n"
        "}\n");
    REQUIRE(node.failures().size() == 1);
    CHECK(node.failures().front().count == 1);
    CHECK(explain::explain(node.failures().front()).speaker == "OpenSSL 3 in Node.js");
}

TEST_CASE("a Python traceback tells the same more than once, and counts once") {
    auto const log = read_log(
        "ssl.SSLError: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure (_ssl.c:992)\n"
        "\n"
        "During handling of the above exception, another exception occurred:\n"
        "\n"
        "urllib3.exceptions.MaxRetryError: HTTPSConnectionPool(host='api.example.com', port=443): Max "
        "retries exceeded with url: "
        "/ (Caused by SSLError(SSLError(1, '[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake "
        "failure (_ssl.c:992)')))\n");
    REQUIRE(log.failures().size() == 1);
    CHECK(log.failures().front().count == 1);
    CHECK(log.failures().front().hosts == std::vector<std::string>{"api.example.com"});
}

TEST_CASE("an alert is named some lines after the error that it made") {
    CHECK(all_in_short("*** Fatal error: A TLS fatal alert has been received.\n"
                       "Processed 1 CA certificate(s).\n"
                       "Resolving '127.0.0.1:4433'...\n"
                       "Connecting to '127.0.0.1:4433'...\n"
                       "*** Received alert [40]: Handshake failed\n") == "alert 40 received");
}

TEST_CASE("lines that stand apart are failures of their own") {
    CHECK(all_in_short("remote error: tls: handshake failure\nremote error: tls: internal error") ==
          "alert 40 received, alert 80 received");
    std::string apart = "curl: (35) SSL connect error\n";
    for (std::uint64_t i = 0; i < explain::limits::around; ++i)
        apart += "all is well\n";
    CHECK(all_in_short(apart + "remote error: tls: internal error\n") ==
          "handshake_failed, alert 80 received");
    auto const again = read_log("curl: (35) SSL connect error\ncurl: (35) SSL connect error\n");
    REQUIRE(again.failures().size() == 1);
    CHECK(again.failures().front().count == 2);
}

TEST_CASE("what curl -v showed before an alert tells how far the handshake had come") {
    auto const log = read_log("* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n"
                              "* TLSv1.3 (IN), TLS handshake, Server hello (2):\n"
                              "* TLSv1.3 (IN), TLS handshake, Certificate (11):\n"
                              "* TLSv1.3 (OUT), TLS alert, unknown CA (560):\n"
                              "* SSL certificate problem: unable to get local issuer certificate\n");
    REQUIRE(log.failures().size() == 2);
    CHECK(tests::in_short(log.failures()[0]) == "alert 48 sent");
    CHECK(log.failures()[0].sighting.phase == tls::Phase::certificate);
    CHECK(tests::in_short(log.failures()[1]) == "certificate_issuer_missing");
}

TEST_CASE("what is quoted is bounded, and cannot act on a terminal") {
    auto const log =
        read_log("\x1b[31mremote error: tls: handshake failure\x1b[0m\x07 " + std::string(1000, 'x'));
    REQUIRE(log.failures().size() == 1);
    auto const& text = log.failures().front().text;
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\x07') == std::string::npos);
    CHECK(text.size() < 2 * explain::limits::shown_text);
    auto const far = read_log(std::string(10'000, 'y') + " remote error: tls: handshake failure");
    REQUIRE(far.failures().size() == 1);
    CHECK(far.failures().front().text.find("remote error: tls: handshake failure") != std::string::npos);
}

TEST_CASE("hosts are named up to a number") {
    std::string text;
    for (int i = 0; i < 20; ++i)
        text += "https://h" + std::to_string(i) + ".example/: remote error: tls: handshake failure\n";
    auto const log = read_log(text);
    REQUIRE(log.failures().size() == 1);
    CHECK(log.failures().front().hosts.size() == explain::limits::hosts);
    CHECK(log.failures().front().more_hosts);
    CHECK(log.failures().front().count == 20);
}
