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

} // namespace

TEST_CASE("a handshake is one line for a person") {
    std::string lines;
    for (auto const& dial : dials())
        lines += log_line(dial, unicode) + '\n';
    lines += log_line(full_connection_failure(), unicode) + '\n';
    lines += log_line(full_ladder_record(), unicode) + '\n';
    check_golden("record/log_lines.txt", lines);
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
    auto const text = log_line(dial, unicode);
    CHECK(text.size() < 1'000);
    CHECK(std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }));
    CHECK(text.find("\xc2\x9b") == std::string::npos);
}
