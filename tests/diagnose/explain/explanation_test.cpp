#include "explained.hpp"
#include "support/golden.hpp"

#include <boost/json.hpp>

using namespace alert40;

namespace {

explain::SeenFailure failure_of(explain::Subject subject, explain::Side side = explain::Side::unknown) {
    explain::SeenFailure failure{explain::Sighting{subject}, "a message"};
    failure.sighting.side = side;
    if (subject.is_alert()) failure.sighting.direction = tls::Direction::received;
    return failure;
}

explain::SeenFailure first_of(std::string_view text) {
    auto const log = tests::read_log(text);
    INFO(text);
    REQUIRE_FALSE(log.failures().empty());
    return log.failures().front();
}

void check_whole(std::string_view sentence) {
    INFO(sentence);
    CHECK_FALSE(sentence.empty());
    CHECK(sentence.find('{') == std::string_view::npos);
    CHECK(sentence.find("()") == std::string_view::npos);
    CHECK(sentence.find("  ") == std::string_view::npos);
}

void check_whole(explain::ExplainedReading const& reading) {
    for (auto const* const sentence : {&reading.gist, &reading.who, &reading.means, &reading.not_this})
        check_whole(*sentence);
    CHECK_FALSE(reading.causes.empty());
    for (auto const& cause : reading.causes) {
        INFO(cause.name);
        check_whole(cause.likely);
        CHECK_FALSE((cause.client.empty() && cause.server.empty()));
    }
    for (auto const& step : reading.next) {
        check_whole(step.command);
        check_whole(step.shows);
    }
}

} // namespace

TEST_CASE("each meaning is told whole, with causes that there are") {
    for (auto const& meaning : explain::all_meanings())
        for (auto const side : {explain::Side::unknown, explain::Side::client, explain::Side::server}) {
            INFO(meaning.name);
            for (auto const& reading : explain::explain(failure_of(meaning.subject, side)).readings)
                check_whole(reading);
        }
}

TEST_CASE("a number that is not in use is explained as that") {
    check_whole(explain::explain(failure_of(static_cast<tls::AlertDescription>(200))).readings.front());
    check_whole(explain::explain(failure_of(explain::Http2Error{77})).readings.front());
}

TEST_CASE("the same alert means the same in each library's words") {
    for (auto const* const words :
         {"error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure",
          "error:10000410:SSL routines:OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE",
          "Received alert [40]: Handshake failed", "remote error: tls: handshake failure",
          "javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure",
          "received fatal alert: HandshakeFailure", "CFNetwork SSLHandshake failed (-9824)",
          "The TLS protocol defined fatal alert code is 40."})
        CHECK(explain::explain(first_of(words)).name == "handshake_failure");
}

TEST_CASE("who refused whom depends on the direction and on the side") {
    auto const by_server =
        explain::explain(first_of("curl: (35) error:0A000418:SSL routines::tlsv1 alert unknown ca"));
    CHECK(by_server.readings.size() == 1);
    CHECK(by_server.readings.front().gist ==
          "The server does not know who issued the client's certificate (alert 48).");
    auto const by_client = explain::explain(first_of(
        "http: TLS handshake error from 192.0.2.1:7: remote error: tls: unknown certificate authority"));
    CHECK(by_client.readings.size() == 1);
    CHECK(by_client.readings.front().gist ==
          "The client does not know who issued this server's certificate, and sent alert 48.");
    auto const sent = explain::explain(first_of("* TLSv1.3 (OUT), TLS alert, unknown CA (560):"));
    CHECK(sent.readings.front().gist == by_client.readings.front().gist);
    auto const anybody = explain::explain(first_of("error:0A000418:SSL routines::tlsv1 alert unknown ca"));
    REQUIRE(anybody.readings.size() == 2);
    CHECK(anybody.readings[0].side == explain::Side::client);
    CHECK(anybody.readings[1].side == explain::Side::server);
}

TEST_CASE("own findings are said to be nobody else's") {
    auto const dh = explain::explain(first_of("curl: (35) error:0A00018A:SSL routines::dh key too small"));
    CHECK(dh.readings.front().who == "This client found it by itself; the server did not refuse");
    auto const version =
        explain::explain(first_of("curl: (35) error:0A00010B:SSL routines::wrong version number"));
    CHECK(version.readings.front().not_this.find("no TLS version is wrong") != std::string::npos);
}

TEST_CASE("an explanation for a person reads top down") {
    tests::check_golden("explain/alert-40.txt",
                        text_of(first_of("curl: (35) OpenSSL/3.0.17: error:0A000410:SSL routines::sslv3 "
                                         "alert handshake failure https://api.example.com/")));
    tests::check_golden("explain/unknown-side.txt",
                        text_of(first_of("error:0A000412:SSL routines::sslv3 alert bad certificate")));
    tests::check_golden("explain/certificate.txt",
                        text_of(first_of("requests.exceptions.SSLError: HTTPSConnectionPool(host='pypi.org', "
                                         "port=443): Max retries exceeded with url: / "
                                         "(Caused by SSLError(SSLCertVerificationError(1, '[SSL: "
                                         "CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
                                         "unable to get local issuer certificate (_ssl.c:992)')))")));
}

TEST_CASE("an explanation for a program is one object") {
    auto const text = json_of(
        first_of("nginx: SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::sslv3 alert handshake "
                 "failure:SSL alert "
                 "number 40) while SSL handshaking to upstream, upstream: \"https://api.example.com/\""));
    auto const object = boost::json::parse(text).as_object();
    CHECK(object.at("failure") == "handshake_failure");
    CHECK(object.at("alert").as_object() ==
          boost::json::object{{"id", 40}, {"name", "handshake_failure"}, {"direction", "received"}});
    CHECK(object.at("library") == "OpenSSL 3");
    CHECK(object.at("program") == "nginx");
    CHECK(object.at("side") == "client");
    CHECK(object.at("hosts").as_array().front() == "api.example.com");
    CHECK(object.at("readings")
              .as_array()
              .front()
              .as_object()
              .at("next")
              .as_array()
              .front()
              .as_object()
              .at("command") == "alert40 diagnose api.example.com");
    auto const vague =
        boost::json::parse(json_of(first_of("net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH"))).as_object();
    CHECK(vague.at("alerts_possible").as_array() == boost::json::array{40, 70, 71});
    CHECK_FALSE(vague.contains("alert"));
}
