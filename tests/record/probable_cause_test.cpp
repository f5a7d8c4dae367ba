#include "record/cause_table.hpp"
#include "record/probable_cause.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "support/sample_records.hpp"

#include <functional>
#include <set>

using namespace alert40;
using namespace alert40::tests;
using record::HandshakeRecord;
using record::probable_cause;
using tls::FailureKind;
using tls::Phase;

namespace {

using Change = std::function<void(HandshakeRecord&)>;

HandshakeRecord dial(
    tls::Failure failure, Change const& change = [](HandshakeRecord&) {}) {
    auto record = failed(sample_dial("modern", 1), std::move(failure));
    change(record);
    return record;
}

HandshakeRecord http1(HandshakeRecord record) {
    record.handshake.offered->alpn = {"http/1.1"};
    return record;
}

void no_server_name(HandshakeRecord& record) {
    record.handshake.offered->server_name.clear();
}

void only_tls13(HandshakeRecord& record) {
    record.handshake.offered->versions = {"GREASE", "1.3"};
}

void session(HandshakeRecord& record) {
    record.handshake.offered->resumption = true;
}

void scsv(HandshakeRecord& record) {
    record.handshake.offered->scsv = true;
}

void large(HandshakeRecord& record) {
    record.handshake.offered->bytes = 1'800;
}

void asks_certificate(HandshakeRecord& record) {
    record.handshake.certificate_requested = true;
}

/// To TLS on the proxy's own port.
void served(HandshakeRecord& record) {
    record.side = record::Side::downstream;
}

Change intercepted(std::string client) {
    return [=](HandshakeRecord& record) {
        record.side = record::Side::downstream;
        record.mode = "intercept";
        record.client = client;
    };
}

void watched(HandshakeRecord& record) {
    record.mode = "watch";
    record.profile.clear();
}

Change looks_like(std::string client) {
    return [=](HandshakeRecord& record) { record.client = client; };
}

Change watched_and(Change const& change) {
    return [=](HandshakeRecord& record) {
        watched(record);
        change(record);
    };
}

Change offers(std::vector<std::string> versions, std::vector<std::string> suites) {
    return [=](HandshakeRecord& record) {
        record.handshake.offered->versions = versions;
        record.handshake.offered->cipher_suites = suites;
    };
}

Change one_old_suite = offers({"1.2"}, {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"});
Change tls12_only = offers({"1.2"}, {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"});

void by_proxy(HandshakeRecord& record) {
    record.target.via = "http://127.0.0.1:9";
}

HandshakeRecord by_profile(std::string profile, HandshakeRecord record) {
    record.profile = std::move(profile);
    return record;
}

Change both(Change const& first, Change const& second) {
    return [=](HandshakeRecord& record) {
        first(record);
        second(record);
    };
}

tls::Failure by_app(tls::Failure failure) {
    failure.by = tls::By::downstream;
    if (failure.alert) failure.alert->direction = tls::Direction::sent;
    return failure;
}

Change answers(std::string version, std::string suite) {
    return [=](HandshakeRecord& record) {
        record.handshake.negotiated.emplace();
        record.handshake.negotiated->version = version;
        record.handshake.negotiated->cipher_suite = suite;
    };
}

Change shows(std::string subject, std::string not_before, std::string not_after) {
    return [=](HandshakeRecord& record) {
        record.handshake.certificates.emplace_back();
        record.handshake.certificates[0].subject = subject;
        record.handshake.certificates[0].issuer = "CN=Example CA";
        record.handshake.certificates[0].not_before = not_before;
        record.handshake.certificates[0].not_after = not_after;
    };
}

struct Case {
    std::string title;
    std::vector<HandshakeRecord> attempts;
};

std::string const now_valid = "2026-01-01T00:00:00Z", still_valid = "2027-01-01T00:00:00Z";

std::vector<Case> cases() {
    auto const ecdhe = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", dhe = "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256";
    auto const refused = alert_received(40);
    auto const verify = broken(FailureKind::verify, Phase::certificate);
    return {
        {"40, h2 offered", {dial(refused)}},
        {"40, and again with http/1.1 only", {dial(refused), http1(dial(refused))}},
        {"40, and with http/1.1 an issuer that is not known",
         {dial(refused), dial(refused),
          by_profile("http1", http1(dial(broken(FailureKind::verify, Phase::certificate,
                                                "unable to get local issuer certificate"),
                                         shows("CN=a", now_valid, still_valid)))),
          by_profile("no-alpn", dial(verify, shows("CN=a", now_valid, still_valid)))}},
        {"reset, and with TLS 1.2 an issuer that is not known",
         {dial(broken(FailureKind::reset, Phase::client_hello)), by_profile("tls12+flags", dial(verify))}},
        {"40, only TLS 1.3 offered", {http1(dial(refused, only_tls13))}},
        {"40 without SNI", {http1(dial(refused, no_server_name))}},
        {"40 with a session", {dial(alert_received(40, Phase::server_hello), session)}},
        {"40 with a session, and again without",
         {dial(alert_received(40, Phase::server_hello), session),
          dial(alert_received(40, Phase::server_hello))}},
        {"40 after a CertificateRequest",
         {dial(alert_received(40, Phase::client_certificate), asks_certificate)}},
        {"116 after the handshake", {dial(alert_received(116, Phase::after))}},
        {"48 after a CertificateRequest", {dial(alert_received(48, Phase::finished), asks_certificate)}},
        {"40 sent, DHE",
         {dial(alert_sent(40, Phase::server_hello, "dh key too small"), answers("1.2", dhe))}},
        {"40 sent, ECDHE", {dial(alert_sent(40, Phase::server_hello, "unsafe"), answers("1.2", ecdhe))}},
        {"47 sent at the certificate",
         {dial(alert_sent(47, Phase::certificate, "wrong signature type"), answers("1.2", ecdhe))}},
        {"70", {dial(alert_received(70))}},
        {"70, only TLS 1.2 offered", {dial(alert_received(70), tls12_only)}},
        {"70, only TLS 1.3 offered", {dial(alert_received(70), only_tls13)}},
        {"70 sent", {dial(alert_sent(70, Phase::server_hello, "unsupported protocol"), answers("1.0", ""))}},
        {"71", {dial(alert_received(71))}},
        {"80", {dial(alert_received(80))}},
        {"80 without SNI", {dial(alert_received(80), no_server_name)}},
        {"86 to SCSV", {dial(alert_received(86), scsv)}},
        {"109", {dial(alert_received(109))}},
        {"112", {dial(alert_received(112))}},
        {"120", {dial(alert_received(120))}},
        {"no ALPN in the answer", {dial(broken(FailureKind::alpn, Phase::finished))}},
        {"reset, one packet", {dial(broken(FailureKind::reset, Phase::client_hello))}},
        {"reset, two packets", {dial(broken(FailureKind::reset, Phase::client_hello), large)}},
        {"reset, and again when small",
         {dial(broken(FailureKind::reset, Phase::client_hello), large),
          dial(broken(FailureKind::reset, Phase::client_hello))}},
        {"silence", {dial(broken(FailureKind::timeout, Phase::client_hello))}},
        {"not TLS", {dial(broken(FailureKind::not_tls, Phase::client_hello))}},
        {"h2 breaks", {dial(broken(FailureKind::h2, Phase::after))}},
        {"no such name", {dial(broken(FailureKind::dns, Phase::resolve))}},
        {"resolver is silent", {dial(broken(FailureKind::timeout, Phase::resolve))}},
        {"refused", {dial(broken(FailureKind::refused, Phase::connect))}},
        {"unreachable", {dial(broken(FailureKind::unreachable, Phase::connect))}},
        {"connect takes too long", {dial(broken(FailureKind::timeout, Phase::connect))}},
        {"the upstream proxy is down", {dial(broken(FailureKind::refused, Phase::connect), by_proxy)}},
        {"the upstream proxy has no address", {dial(broken(FailureKind::dns, Phase::resolve), by_proxy)}},
        {"upstream proxy says 407", {dial(broken(FailureKind::refused, Phase::proxy_connect))}},
        {"expired", {dial(verify, shows("CN=a", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"))}},
        {"not yet valid", {dial(verify, shows("CN=a", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"))}},
        {"self-signed", {dial(verify, shows("CN=Example CA", now_valid, still_valid))}},
        {"another name or an unknown issuer", {dial(verify, shows("CN=a", now_valid, still_valid))}},
        {"watched: 40, h2 offered", {dial(refused, watched)}},
        {"watched: 40, http/1.1 offered", {http1(dial(refused, watched))}},
        {"watched: 40 to one old suite", {dial(refused, watched_and(one_old_suite))}},
        {"watched: 40 with a session", {dial(alert_received(40, Phase::server_hello), watched_and(session))}},
        {"watched: 40 after a CertificateRequest",
         {dial(alert_received(40, Phase::client_certificate), watched_and(asks_certificate))}},
        {"watched: the server hangs up after the app's Finished, TLS 1.3",
         {dial(broken(FailureKind::eof, Phase::finished), watched)}},
        {"watched: 70", {dial(alert_received(70), watched)}},
        {"watched: 70, only TLS 1.2 offered", {dial(alert_received(70), watched_and(tls12_only))}},
        {"watched: 70, only TLS 1.3 offered", {dial(alert_received(70), watched_and(only_tls13))}},
        {"watched: 120", {dial(alert_received(120), watched)}},
        {"watched: reset, two packets",
         {dial(broken(FailureKind::reset, Phase::client_hello), watched_and(large))}},
        {"watched: silence", {dial(broken(FailureKind::timeout, Phase::client_hello), watched)}},
        {"watched: refused", {dial(broken(FailureKind::refused, Phase::connect), watched)}},
        {"watched: the app sends 48",
         {dial(by_app(alert_received(48, Phase::certificate)),
               watched_and(looks_like("Python (OpenSSL 3)")))}},
        {"watched: the app sends 45 for an expired certificate",
         {dial(by_app(alert_received(45, Phase::certificate)),
               watched_and(shows("CN=a", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z")))}},
        {"watched: the app sends 42 for one that is not yet valid",
         {dial(by_app(alert_received(42, Phase::certificate)),
               watched_and(shows("CN=a", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z")))}},
        {"watched: the app hangs up after the answer",
         {dial(by_app(broken(FailureKind::eof, Phase::server_hello)), watched)}},
        {"watched: the app sends 40 after the answer",
         {dial(by_app(alert_received(40, Phase::server_hello)), watched)}},
        {"watched: the app sends 80 after TLS 1.0 was chosen",
         {dial(by_app(alert_received(80, Phase::certificate)),
               watched_and(answers("1.0", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA")))}},
        {"watched: the upstream proxy is down",
         {dial(broken(FailureKind::refused, Phase::connect), watched_and(by_proxy))}},
        {"watched: the app hangs up before the answer",
         {dial(by_app(broken(FailureKind::eof, Phase::client_hello)), watched)}},
        {"intercepted: the app sends 48",
         {dial(alert_received(48, Phase::certificate), intercepted("Chromium or Electron (BoringSSL)"))}},
        {"intercepted: the app hangs up",
         {dial(broken(FailureKind::eof, Phase::certificate), intercepted("Node.js (OpenSSL 3)"))}},
        {"intercepted: the app closes after the handshake, without a request",
         {dial(broken(FailureKind::eof, Phase::after), intercepted("GnuTLS"))}},
        {"intercepted: 70 sent",
         {dial(alert_sent(70, Phase::client_hello, "unsupported protocol"), intercepted(""))}},
        {"intercepted: 40 sent",
         {dial(alert_sent(40, Phase::client_hello, "no shared cipher"), intercepted(""))}},
        {"intercepted: 40 sent to one old suite",
         {dial(alert_sent(40, Phase::client_hello, "no shared cipher"),
               both(intercepted("curl (OpenSSL 3)"), one_old_suite))}},
        {"the proxy's port: curl sends 48",
         {dial(alert_received(48, Phase::certificate), both(served, looks_like("curl (OpenSSL 3)")))}},
        {"the proxy's port: the app sends 46", {dial(alert_received(46, Phase::certificate), served)}},
        {"the proxy's port: 40 sent",
         {dial(alert_sent(40, Phase::client_hello, "no shared cipher"), served)}},
        {"a failure without a signature", {dial(alert_received(20, Phase::finished))}},
    };
}

} // namespace

TEST_CASE("what the records make likely, and what mends it") {
    std::string text;
    std::set<std::string> reached;
    for (auto const& [title, attempts] : cases()) {
        auto const cause = probable_cause(attempts);
        text += "# " + title + '\n' + (cause.verdict.empty() ? "(no verdict)" : cause.verdict) + '\n';
        for (auto const& remedy : cause.remedies)
            text += "- " + remedy + '\n';
        text += '\n';
        reached.insert(cause.names.begin(), cause.names.end());
    }
    check_golden("record/probable_causes.txt", text);
    for (auto const& row : record::cause_table) {
        INFO(row.name);
        CHECK(reached.count(std::string{row.name}) == 1);
    }
}

TEST_CASE("each row is the explanation of some case") {
    auto const all = cases();
    for (auto const& row : record::cause_table) {
        INFO(row.name << ": " << row.likely);
        CHECK(std::any_of(all.begin(), all.end(), [&](Case const& one) {
            return row.when.fits(record::evidence_of(one.attempts, nullptr));
        }));
    }
}

TEST_CASE("what an app ended is never blamed on the server, nor the other way round") {
    auto const names = [](tls::Failure const& failure) {
        return probable_cause(std::vector{dial(failure, watched)}).names;
    };
    CHECK(names(by_app(broken(FailureKind::eof, Phase::client_hello))) ==
          std::vector<std::string>{"app-gave-up"});
    CHECK(names(broken(FailureKind::eof, Phase::server_hello)).empty());
    CHECK(names(alert_received(48, Phase::certificate)).empty());
    CHECK(names(by_app(alert_received(40))).empty());
    auto const resumed = dial(
        by_app(broken(FailureKind::eof, Phase::server_hello)),
        watched_and([](HandshakeRecord& record) { record.handshake.negotiated.emplace().resumed = true; }));
    CHECK(probable_cause(std::vector{resumed}).names.empty()); // no certificate was shown
}

TEST_CASE("a command names the host only where it can be pasted into a shell") {
    auto const first = [](std::string host) {
        auto record = dial(alert_received(40), watched);
        record.target.host = std::move(host);
        return probable_cause(std::vector{record}).remedies.front();
    };
    CHECK(first("api.example.com").find("--intercept api.example.com`") != std::string::npos);
    CHECK(first("2001:db8::1").find("--intercept 2001:db8::1`") != std::string::npos);
    for (auto const* const hostile : {"", "a;reboot", "$(reboot)", "-rf", "a b", "a\x1b[2J", "a`b`"})
        CHECK(first(hostile).find("--intercept HOST`") != std::string::npos);
}

TEST_CASE("the one old suite of an app is named, and nothing else is blamed") {
    auto const one = probable_cause(std::vector{dial(alert_received(40), watched_and(one_old_suite))});
    CHECK(one.names == std::vector<std::string>{"app-offers-too-little"});
    CHECK(one.verdict.find("TLS_RSA_WITH_AES_128_CBC_SHA (TLS 1.2)") != std::string::npos);
    CHECK(one.remedies[1].find("offer more than TLS_RSA_WITH_AES_128_CBC_SHA: ") != std::string::npos);
    auto const modern = probable_cause(std::vector{dial(alert_received(40), watched_and(tls12_only))});
    CHECK(modern.names.front() == "h2-refused");
}

TEST_CASE("where only the certificate remains, no remedy sends anybody back to the step that is mended") {
    auto const verify =
        broken(FailureKind::verify, Phase::certificate, "unable to get local issuer certificate");
    auto const first = dial(alert_received(40));
    auto const later = by_profile("http1", http1(dial(verify, shows("CN=a", now_valid, still_valid))));
    auto const cause = probable_cause(std::vector{first, later});
    CHECK(cause.names == std::vector<std::string>{"h2-refused", "certificate-remains"});
    CHECK(cause.verdict.find("unable to get local issuer certificate (issued by CN=Example CA)") !=
          std::string::npos);
    CHECK(cause.remedies.front().find("--profile http1 --cacert ca.pem") != std::string::npos);

    auto strange = later;
    strange.profile = "a;reboot";
    CHECK(probable_cause(std::vector{first, strange}).remedies.front().find("--profile PROFILE ") !=
          std::string::npos);
    // A certificate that was refused first is the failure itself.
    CHECK(probable_cause(std::vector{later, first}).names ==
          std::vector<std::string>{"certificate-not-trusted"});
}

TEST_CASE("nothing of the network in a verdict acts on a terminal") {
    auto record = dial(broken(FailureKind::refused, Phase::connect), by_proxy);
    record.target.via = "http://a\x1b[2J{host}";
    auto const verdict = probable_cause(std::vector{record}).verdict;
    CHECK(verdict.find('\x1b') == std::string::npos);
    CHECK(verdict.find("[2J{host} is down") != std::string::npos);
}

TEST_CASE("the direction decides: what we refused ourselves is never blamed on the offer") {
    auto const sent =
        probable_cause(std::vector{dial(alert_sent(40, Phase::client_hello, "no ciphers available"))});
    CHECK(sent.names.empty());
}

TEST_CASE("advice that is popular and wrong is not given") {
    auto const names = [](tls::Failure const& failure) {
        return probable_cause(std::vector{dial(failure)}).names;
    };
    auto const has = [](std::vector<std::string> const& list, std::string const& name) {
        return std::find(list.begin(), list.end(), name) != list.end();
    };
    CHECK_FALSE(has(names(alert_received(40)), "certificate-expired")); // a wrong clock is not alert 40
    CHECK_FALSE(has(names(alert_received(40)), "alpn-not-answered"));   // a missing answer is no alert
    CHECK(has(names(alert_received(120)), "no-common-application-protocol"));
    for (auto const& row : record::cause_table) {
        CHECK(row.client.find("ssl_alpn_protocols") == std::string_view::npos);
        CHECK(row.server.find("ssl_alpn_protocols") == std::string_view::npos);
    }
    // 71 and verification: nothing weaker is proposed as the way out.
    CHECK(probable_cause(std::vector{dial(alert_received(71))}).verdict.find("stronger") !=
          std::string::npos);
}

TEST_CASE("a later attempt that failed otherwise rules nothing out") {
    auto const later = http1(dial(broken(FailureKind::reset, Phase::client_hello)));
    CHECK(probable_cause(std::vector{dial(alert_received(40)), later}) ==
          probable_cause(std::vector{dial(alert_received(40))}));
}

TEST_CASE("what broke an established connection is explained instead of an attempt") {
    auto const good = established(sample_dial("modern", 2), "h2");
    auto const failure = broken(FailureKind::h2, Phase::after, "GOAWAY HTTP_1_1_REQUIRED");
    CHECK(probable_cause(std::vector{dial(alert_received(40)), good}, &failure).names ==
          std::vector<std::string>{"http2-broken"});
    CHECK(probable_cause({}, &failure).names == std::vector<std::string>{"http2-broken"});
}

TEST_CASE("a failure that was made on purpose, and none at all, have no probable cause") {
    auto injected = alert_received(40);
    injected.by = tls::By::injected;
    CHECK(probable_cause(std::vector{dial(injected)}) == record::ProbableCause{});
    CHECK(probable_cause(std::vector{established(sample_dial("modern", 1), "h2")}) ==
          record::ProbableCause{});
    CHECK(probable_cause({}) == record::ProbableCause{});
}
