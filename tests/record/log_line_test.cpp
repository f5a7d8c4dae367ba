#include "record/log_line.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "support/sample_records.hpp"

using namespace alert40;
using namespace alert40::tests;
using tls::FailureKind;
using tls::Phase;

namespace {

constexpr record::LogStyle unicode{.colour = false, .unicode = true, .local_time = false};

std::vector<record::HandshakeRecord> dials() {
    std::vector<record::HandshakeRecord> dials;
    auto refused = failed(sample_dial("modern", 1), alert_received(40));
    refused.next = "retry";
    dials.push_back(refused);
    refused.attempt = 2;
    refused.next = "http1";
    dials.push_back(refused);
    auto good = established(sample_dial("http1", 3), "http/1.1");
    good.handshake.offered->alpn = {"http/1.1"};
    good.rules = {"cursor"};
    good.timing.total = std::chrono::microseconds{18'200};
    dials.push_back(good);
    good.handshake.negotiated->resumed = true;
    good.attempt = 1;
    good.timing.total = std::chrono::microseconds{400};
    good.rules = {"cursor", "everywhere"};
    dials.push_back(good);

    auto weak = established(sample_dial("legacy", 1), "");
    weak.handshake.negotiated = tls::Negotiated{.version = "1.0",
                                                .cipher_suite = "TLS_RSA_WITH_AES_128_CBC_SHA",
                                                .group = "",
                                                .alpn = "",
                                                .resumed = false,
                                                .ja3s = ""};
    weak.handshake.offered->alpn.clear();
    weak.handshake.offered->versions = {"1.2", "1.1", "1.0"};
    weak.notes = {"weak: TLS 1.0", "weak: no forward secrecy"};
    weak.target.via = "http://proxy:3128";
    dials.push_back(weak);

    auto probe = failed(sample_dial("tls12", 6), alert_received(86));
    probe.handshake.offered->scsv = true;
    probe.handshake.offered->versions = {"1.2"};
    probe.notes = {"the server speaks TLS 1.3: the version was never at fault"};
    probe.next = "tls12";
    dials.push_back(probe);

    dials.push_back(
        failed(sample_dial("modern", 1), broken(FailureKind::dns, Phase::resolve, "no such host (system)")));
    dials.push_back(failed(sample_dial("modern", 1), broken(FailureKind::refused, Phase::connect)));
    dials.push_back(failed(sample_dial("modern", 1), broken(FailureKind::reset, Phase::client_hello)));
    dials.push_back(failed(sample_dial("modern", 1), broken(FailureKind::not_tls, Phase::client_hello,
                                                            "it begins with \"HTTP/1.1 400\"")));
    auto slow = failed(sample_dial("no-sni", 4), broken(FailureKind::timeout, Phase::client_hello, "8 s"));
    slow.handshake.offered->server_name.clear();
    slow.timing.total = std::chrono::seconds{8};
    dials.push_back(slow);
    dials.push_back(
        failed(sample_dial("modern", 1), alert_sent(40, Phase::server_hello, "dh key too small")));
    dials.push_back(full_record());

    auto literal = established(sample_dial("modern", 1), "h2");
    literal.target.host = literal.target.address = "2001:db8::1";
    dials.push_back(literal);
    auto plain = sample_dial("modern", 1);
    plain.handshake = {};
    dials.push_back(plain);
    auto passed = sample_dial("", 1);
    passed.outcome = record::Outcome::passed;
    passed.side = record::Side::downstream;
    dials.push_back(passed);
    return dials;
}

record::HandshakeRecord watched(std::string client) {
    auto dial = sample_dial("", 1);
    dial.mode = "watch";
    dial.client = std::move(client);
    return dial;
}

record::HandshakeRecord intercepted(std::string client) {
    auto dial = watched(std::move(client));
    dial.side = record::Side::downstream;
    dial.mode = "intercept";
    dial.target.address = "127.0.0.1";
    dial.target.resolver.clear();
    dial.target.via.clear();
    return dial;
}

record::HandshakeRecord passed(record::HandshakeRecord dial) {
    dial.outcome = record::Outcome::passed;
    return dial;
}

tls::Failure by_app(tls::Failure failure) {
    failure.by = tls::By::downstream;
    return failure;
}

constexpr auto electron = "Chromium or Electron (BoringSSL)";
constexpr auto openssl = "Python (OpenSSL 3)";

struct Scene {
    std::string title;
    record::HandshakeRecord record;
};

std::vector<Scene> watched_handshakes() {
    auto tls12 = passed(established(watched(openssl), "http/1.1"));
    tls12.handshake.negotiated->version = "1.2";
    tls12.handshake.negotiated->cipher_suite = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    auto by_address = passed(established(watched(openssl), ""));
    by_address.target.host = by_address.target.address;
    by_address.target.via = "http://proxy:3128";
    auto not_tls = passed(watched(""));
    not_tls.handshake = {};

    auto expired = failed(watched(openssl), by_app(alert_sent(45, Phase::certificate, "")));
    expired.handshake.certificates = full_record().handshake.certificates;
    expired.handshake.certificates[0].not_after = "2026-02-01T00:00:00Z";
    auto http1 = failed(watched("Go"), alert_received(40));
    http1.handshake.offered->alpn = {"http/1.1"};
    http1.rules = {"elsewhere"};
    auto old_answer =
        failed(established(watched(openssl), ""), by_app(alert_sent(80, Phase::certificate, "")));
    old_answer.handshake.negotiated->version = "1.0";
    old_answer.handshake.negotiated->cipher_suite = "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA";
    return {
        {"TLS 1.3", passed(established(watched(openssl), ""))},
        {"TLS 1.2", tls12},
        {"TLS 1.3 to an address, the name only in the hello", by_address},
        {"an answer that nobody could read", passed(watched(""))},
        {"not TLS", not_tls},
        {"alert 40 from the server", failed(watched(electron), alert_received(40))},
        {"alert 40 from the server, no h2 offered", http1},
        {"alert 40 from the server, hello of an unknown app", failed(watched(""), alert_received(40))},
        {"reset by the server or the path",
         failed(watched(electron), broken(FailureKind::reset, Phase::client_hello,
                                          "the server reset the connection right after the ClientHello"))},
        {"the app sends alert 48", failed(watched(openssl), by_app(alert_sent(48, Phase::certificate, "")))},
        {"the app sends alert 46", failed(watched("Java"), by_app(alert_sent(46, Phase::certificate, "")))},
        {"the app sends alert 42", failed(watched("Go"), by_app(alert_sent(42, Phase::certificate, "")))},
        {"the app refuses an expired certificate", expired},
        {"the app refuses TLS 1.0", old_answer},
        {"the app hangs up after the answer, TLS 1.3",
         failed(established(watched("Node.js (OpenSSL 3)"), ""),
                by_app(broken(FailureKind::eof, Phase::server_hello,
                              "the app answered the server's flight with an encrypted record of the size of "
                              "an alert: it looks as if the app refused the certificate")))},
        {"the app hangs up before the answer",
         failed(watched(electron), by_app(broken(FailureKind::eof, Phase::client_hello)))},
        {"nothing listens there", failed(watched(""), broken(FailureKind::refused, Phase::connect))},
    };
}

std::vector<Scene> intercepted_handshakes() {
    auto leaf = established(intercepted(electron), "h2");
    leaf.handshake.certificates = full_record().handshake.certificates;
    auto by_name = leaf;
    by_name.target.host = "192.0.2.7";
    auto distrusted =
        failed(intercepted("Node.js (OpenSSL 3)"), by_app(alert_received(48, Phase::certificate)));
    distrusted.notes = {"watched from now on for 1h"};
    auto proxy_port = established(intercepted("curl (OpenSSL 3)"), "http/1.1");
    proxy_port.mode.clear();
    return {
        {"TLS 1.3", leaf},
        {"for an address, with a leaf for the name in the hello", by_name},
        {"an app without ALPN", established(intercepted(""), "")},
        {"TLS to the proxy's own port", proxy_port},
        {"the app sends alert 48, and the rule has it watched", distrusted},
        {"the app sends alert 46",
         failed(intercepted(electron), by_app(alert_received(46, Phase::certificate)))},
        {"the app sends alert 42",
         failed(intercepted("Java"), by_app(alert_received(42, Phase::certificate)))},
        {"the app hangs up after our certificate",
         failed(intercepted(openssl), by_app(broken(FailureKind::eof, Phase::certificate)))},
        {"the app resets after our certificate",
         failed(intercepted(""), by_app(broken(FailureKind::reset, Phase::certificate)))},
        {"an old app", failed(intercepted(""), alert_sent(70, Phase::client_hello, "unsupported protocol"))},
        {"an app with few cipher suites",
         failed(intercepted(""), alert_sent(40, Phase::client_hello, "no shared cipher"))},
    };
}

std::string lines_of(std::vector<Scene> const& scenes) {
    std::string lines;
    for (auto const& [title, record] : scenes)
        lines += "# " + title + '\n' + log_line(record, unicode) + '\n';
    return lines;
}

} // namespace

TEST_CASE("an app's handshake is one line that says who ended it and what mends it") {
    check_golden("record/log_lines_watched.txt", lines_of(watched_handshakes()));
    check_golden("record/log_lines_intercepted.txt", lines_of(intercepted_handshakes()));
}

TEST_CASE("a handshake is one line for a person") {
    std::string lines;
    for (auto const& dial : dials())
        lines += log_line(dial, unicode) + '\n';
    lines += log_line(full_connection_failure(), unicode) + '\n';
    lines += log_line(full_ladder_record(), unicode) + '\n';
    lines += log_line(full_diagnosis(), unicode) + '\n';
    check_golden("record/log_lines.txt", lines);
}

TEST_CASE("a host that looks like an address cannot act on a terminal either") {
    auto hostile = full_connection_failure();
    hostile.target.host = "a\x1b[:J";
    CHECK(log_line(hostile, unicode).find('\x1b') == std::string::npos);
}

TEST_CASE("a connection to an app that broke says whose alert it was") {
    auto broken_app = full_connection_failure();
    broken_app.side = record::Side::downstream;
    broken_app.profile.clear();
    broken_app.next.reset();
    broken_app.injected_by.clear();
    broken_app.target.address = "127.0.0.1";
    broken_app.failure = by_app(alert_received(46, Phase::after));
    CHECK(log_line(broken_app, unicode) == "05:14:09.111 ✗ downstream api.example.com:443 (from 127.0.0.1)  "
                                           "alert 46 certificate_unknown from the app after the handshake");
}

TEST_CASE("the same in ASCII and in colour") {
    auto const both = [](record::HandshakeRecord const& dial) {
        return log_line(dial, {.colour = false, .unicode = false, .local_time = false}) + '\n' +
               log_line(dial, {.colour = true, .unicode = true, .local_time = false}) + '\n';
    };
    check_golden("record/log_lines_styles.txt", both(dials()[0]) + both(dials()[3]) + both(dials()[4]));
}

TEST_CASE("without colour every byte that the network chose is harmless") {
    auto dial = failed(sample_dial("modern", 1),
                       broken(FailureKind::not_tls, Phase::client_hello, "\x1b[2J\r\nhello"));
    dial.handshake.offered->alpn = {"\x1b]0;owned\x07"};
    dial.target.host = "a\x1b[31m.example";
    dial.notes = {"\xc2\x9b"
                  "31m",
                  std::string(5'000, 'x')};
    for (auto const* const mode : {"", "watch", "intercept"}) {
        dial.mode = mode;
        dial.side = dial.mode == "intercept" ? record::Side::downstream : record::Side::upstream;
        dial.client = "\x1b[5mJava\n";
        dial.handshake.offered->server_name = "b\x1b[7m.example";
        dial.failure = broken(FailureKind::reset, Phase::client_hello, "\x1b[2J\r\nhello");
        auto const text = log_line(dial, unicode);
        CHECK(text.size() < 1'200);
        CHECK(
            std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }));
        CHECK(text.find("\xc2\x9b") == std::string::npos);
    }
}
