// What is done for which failure. The whole policies stand in tests/golden/app/reproduced.toml; each of them
// is one that alert40 check accepts.
#include "app/reproduce/policy_text.hpp"
#include "app/reproduce/renaming.hpp"
#include "app/reproduce/samples.hpp"
#include "policy/parse/parse.hpp"
#include "support/catch.hpp"
#include "support/fake_capabilities.hpp"
#include "support/golden.hpp"

using namespace alert40;
using namespace alert40::tests;
using namespace std::chrono_literals;
using app::reproduce::NoRecipe;
using app::reproduce::Recipe;
using app::reproduce::RecordedFailure;
using app::reproduce::Told;
using tls::By;
using tls::FailureKind;
using tls::Phase;

namespace {

std::string policy_for(RecordedFailure const& failed, Told const& told = {}) {
    auto const made = recipe_for(failed, told);
    if (auto const* no = std::get_if<NoRecipe>(&made)) return "none: " + no->why + '\n';
    return policy_text(failed, std::get<Recipe>(made), trigger_of(failed));
}

/// The `do` of each fault, and the keys that are not a match, in one line.
std::string gist(RecordedFailure const& failed, Told const& told = {}) {
    auto const made = recipe_for(failed, told);
    if (std::holds_alternative<NoRecipe>(made)) return "none";
    std::string text;
    auto const& recipe = std::get<Recipe>(made);
    for (auto const& key : recipe.keys)
        text += key.substr(0, key.find(" #")) + "; ";
    for (auto const& step : recipe.steps)
        text += (step.at.empty() ? "" : step.at + ": ") + step.action + "; ";
    return text.empty() ? text : text.substr(0, text.size() - 2);
}

std::string gist(record::HandshakeRecord record, Told const& told = {}) {
    return gist(seen(std::move(record)), told);
}

record::HandshakeRecord slow(record::HandshakeRecord record) {
    record.timing = {900us, 2000us, 3'412'000us, 3'413'000us};
    return record;
}

record::HandshakeRecord with_version(record::HandshakeRecord record, std::string version,
                                     std::string suite = "") {
    record.handshake.negotiated = tls::Negotiated{.version = std::move(version),
                                                  .cipher_suite = std::move(suite),
                                                  .group = "",
                                                  .alpn = "",
                                                  .resumed = false,
                                                  .ja3s = ""};
    return record;
}

} // namespace

TEST_CASE("nothing but an end came back") {
    CHECK(gist(watched(alert_received(40))) == "alert = \"handshake_failure\"");
    CHECK(gist(watched(alert_received(200))) == "alert = 200");
    CHECK(gist(watched(broken(FailureKind::reset, Phase::client_hello))) == "reset = true");
    CHECK(gist(watched(broken(FailureKind::eof, Phase::client_hello))) == "close = true");
    CHECK(gist(watched(broken(FailureKind::timeout, Phase::client_hello))) == "silence = true");
    CHECK(gist(watched(by_app(FailureKind::eof, Phase::client_hello))) == "silence = true");
    auto const not_tls = [](std::string start) {
        return watched(broken(FailureKind::not_tls, Phase::client_hello,
                              "the answer to the ClientHello is not TLS: it starts with `" + start + '`'));
    };
    CHECK(gist(not_tls("HTTP/1.1 400 Bad Request")) == "plain_http = true");
    CHECK(gist(not_tls("220 mail.example.com ESMTP")) == "plain_http = true");
    CHECK(gist(not_tls("\\xff\\xfe")) == "garbage = true");
}

TEST_CASE("a close_notify goes before the end") {
    auto const end = [](std::string how) {
        return watched(broken(FailureKind::eof, Phase::client_hello,
                              "the server closed the connection right after the ClientHello" + how));
    };
    CHECK(gist(end("")) == "close = true");
    CHECK(gist(end(", with a close_notify")) ==
          "alert = \"close_notify\", level = \"warning\"; close = true");
    CHECK(gist(end(", with a fatal close_notify")) == "alert = \"close_notify\"");
}

TEST_CASE("an end before any hello strikes when the connection stands") {
    auto early = watched(broken(FailureKind::reset, Phase::client_hello));
    early.handshake.offered.reset();
    CHECK(gist(early) == "connect: reset = true");
}

TEST_CASE("what took long takes long again") {
    CHECK(gist(slow(watched(alert_received(40)))) == "delay = \"3s400ms\"; alert = \"handshake_failure\"");
    CHECK(gist(slow(watched(broken(FailureKind::timeout, Phase::client_hello)))) == "silence = true");
}

TEST_CASE("a warning that came first comes first") {
    auto warned = watched(alert_received(40));
    warned.handshake.alerts.insert(
        warned.handshake.alerts.begin(),
        {tls::AlertLevel::warning, tls::AlertDescription::unrecognized_name, tls::Direction::received});
    CHECK(gist(warned) ==
          "alert = \"unrecognized_name\", level = \"warning\"; alert = \"handshake_failure\"");
}

TEST_CASE("a certificate that was refused") {
    auto leaf = sample_certificate();
    SECTION("expired") {
        leaf.not_after = "2026-02-01T00:00:00Z";
        CHECK(gist(refused_certificate(leaf, 45)) == "certificate = \"expired\"");
    }
    SECTION("not yet valid") {
        leaf.not_before = "2026-12-01T00:00:00Z";
        CHECK(gist(refused_certificate(leaf, 42)) == "certificate = \"not_yet_valid\"");
    }
    SECTION("another name") {
        leaf.names = {"*.other.example"};
        CHECK(gist(refused_certificate(leaf, 42)) == "certificate = \"wrong_host\"");
    }
    SECTION("a pattern that has it") {
        leaf.names = {"*.example.com"};
        CHECK(gist(refused_certificate(leaf, 48)) == "certificate = \"missing_intermediate\"");
    }
    SECTION("its own issuer") {
        leaf.issuer = leaf.subject;
        CHECK(gist(refused_certificate(leaf, 48)) == "certificate = \"self_signed\"");
    }
    SECTION("a root that nobody trusts") {
        auto record = refused_certificate(leaf, 48);
        auto root = leaf;
        root.subject = root.issuer;
        record.handshake.certificates.push_back(root);
        CHECK(gist(record) == "certificate = \"unknown_issuer\"");
    }
    SECTION("weak") {
        leaf.signature = "ecdsa-with-SHA1";
        CHECK(gist(refused_certificate(leaf, 42)) == "certificate = \"sha1_signature\"");
        leaf.key = "RSA 1024";
        CHECK(gist(refused_certificate(leaf, 42)) == "certificate = \"rsa_1024\"");
    }
}

TEST_CASE("a certificate that TLS 1.3 has hidden is asked for") {
    auto const hidden = with_version(watched(by_app(FailureKind::eof, Phase::certificate)), "1.3");
    CHECK(gist(hidden) == "none");
    CHECK(policy_for(seen(hidden)).find("--certificate, one of expired, ") != std::string::npos);
    CHECK(gist(hidden, {tls::Flaw::expired}) == "certificate = \"expired\"");
}

TEST_CASE("an app that does not trust alert40 is made to meet alert40") {
    CHECK(gist(intercepted(alert_of_app(48, Phase::certificate))) == "mode = \"intercept\"");
    auto refused = intercepted(alert_received(70));
    refused.failure->by = By::local;
    CHECK(gist(refused) == "alert = \"protocol_version\"");
}

TEST_CASE("a server that lacks something") {
    auto wants = with_version(watched(alert_received(40, Phase::client_certificate)), "1.2");
    wants.handshake.certificate_requested = true;
    CHECK(gist(wants) == "require_client_certificate = true, versions = [\"1.2\"]");
    auto const hidden = with_version(
        watched(broken(
            FailureKind::eof, Phase::finished,
            "an encrypted record of the size of an alert was the server's answer to the app's Finished")),
        "1.3");
    CHECK(gist(hidden, {{}, tls::AlertDescription::access_denied}) == "finished: alert = \"access_denied\"");
    CHECK(gist(hidden) == "require_client_certificate = true, versions = [\"1.3\"]");
    CHECK(gist(with_version(watched(alert_of_app(70, Phase::server_hello)), "1.0")) ==
          "versions = [\"1.0\"]");
    CHECK(gist(with_version(watched(alert_of_app(40, Phase::certificate)), "1.2",
                            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256")) == "dh_1024 = true");
}

TEST_CASE("the server ended it later") {
    auto const at = [](Phase phase) { return with_version(watched(alert_received(80, phase)), "1.2"); };
    CHECK(gist(at(Phase::server_hello)) == "server_hello: alert = \"internal_error\"");
    CHECK(gist(at(Phase::certificate)) == "certificate: alert = \"internal_error\"");
    CHECK(gist(at(Phase::finished)) == "finished: alert = \"internal_error\"");
    auto const cut = [](FailureKind kind) {
        return with_version(watched(broken(kind, Phase::finished)), "1.3");
    };
    CHECK(gist(cut(FailureKind::eof)) == "finished: close = true");
    CHECK(gist(cut(FailureKind::reset)) == "finished: reset = true");
}

TEST_CASE("HTTP/2 that was broken") {
    auto const by = [](std::string detail) {
        auto failure = full_connection_failure();
        failure.injected_by.clear();
        failure.failure.detail = std::move(detail);
        return gist(last_of({failure}));
    };
    CHECK(by("GOAWAY with HTTP_1_1_REQUIRED (0xd)") == "request: goaway = \"0xd\"");
    CHECK(by("RST_STREAM with INADEQUATE_SECURITY (0xc)") == "request: rst_stream = \"0xc\"");
    CHECK(by("GOAWAY with (0xd\" }\n)") == "none");
    CHECK(by("GOAWAY with (0x") == "none");
}

TEST_CASE("HTTP/2 that never began") {
    auto const by = [](std::string how) {
        auto failure = full_connection_failure();
        failure.injected_by.clear();
        failure.failure.detail = "HTTP/2 failed before SETTINGS came: " + how;
        return failure;
    };
    CHECK(gist(last_of({by("Connection reset by peer")})) == "finished: reset = true");
    CHECK(gist(last_of({by("the peer closed the connection")})) == "finished: close = true");
    CHECK(gist(last_of({by("no SETTINGS from the peer")})) == "finished: silence = true");
    auto alerted = by("an alert");
    alerted.failure.alert = alert_received(40).alert;
    CHECK(gist(last_of({alerted})) == "finished: alert = \"handshake_failure\"");
}

namespace {

/// Of a request whose answer had come so far.
std::string gist_of_exchange(FailureKind kind, std::string detail, record::ExchangeFacts exchange,
                             Phase phase = Phase::after) {
    return gist(last_of({broken_exchange(broken(kind, phase, std::move(detail)), std::move(exchange))}));
}

record::ExchangeFacts nothing_yet() {
    return {.http = "2",
            .protocol = "",
            .status = std::nullopt,
            .grpc_status = std::nullopt,
            .body_bytes = 0,
            .unprocessed = false,
            .time = 3s};
}

record::ExchangeFacts three_bytes() {
    auto facts = nothing_yet();
    facts.status = std::uint16_t{200};
    facts.body_bytes = 3;
    return facts;
}

} // namespace

TEST_CASE("no response, and something instead of it") {
    auto const instead = [](FailureKind kind, std::string detail = "") {
        return gist_of_exchange(kind, std::move(detail), nothing_yet());
    };
    CHECK(instead(FailureKind::reset) == "request: reset = true");
    CHECK(instead(FailureKind::eof) == "request: close = true");
    CHECK(instead(FailureKind::eof, "the stream ended without close_notify") ==
          "request: close = true, close_notify = false");
    CHECK(instead(FailureKind::timeout) == "request: silence = true");
    CHECK(instead(FailureKind::malformed) == "none");
    CHECK(instead(FailureKind::h2, "RST_STREAM with INTERNAL_ERROR (0x2)") ==
          "request: rst_stream = \"0x2\"");
    CHECK(instead(FailureKind::h2, "GOAWAY with INTERNAL_ERROR (0x2), and then the end of the connection") ==
          "request: goaway = \"0x2\", processed = true");
    auto refused = nothing_yet();
    refused.unprocessed = true;
    CHECK(gist_of_exchange(FailureKind::h2, "GOAWAY with NO_ERROR (0x0)", refused) ==
          "request: goaway = \"0x0\"");
    CHECK(gist_of_exchange(FailureKind::timeout, "", nothing_yet(), Phase::finished) ==
          "finished: silence = true");
}

TEST_CASE("an answer that tells of trouble") {
    auto facts = nothing_yet();
    facts.status = std::uint16_t{503};
    CHECK(gist_of_exchange(FailureKind::http, "HTTP 503", facts) == "request: status = 503");
    facts.grpc_status = 14;
    CHECK(gist_of_exchange(FailureKind::http, "gRPC status 14", facts) == "request: grpc_status = 14");
}

TEST_CASE("a body that ended in the middle") {
    auto const cut = [](FailureKind kind, std::string detail = "") {
        return gist_of_exchange(kind, std::move(detail), three_bytes());
    };
    CHECK(cut(FailureKind::malformed) == "response: truncate = 3, by = \"end\"");
    CHECK(cut(FailureKind::eof) == "response: truncate = 3, by = \"close\"");
    CHECK(cut(FailureKind::reset) == "response: truncate = 3, by = \"reset\"");
    CHECK(cut(FailureKind::h2, "RST_STREAM with CANCEL (0x8)") == "response: truncate = 3, by = \"0x8\"");
    CHECK(cut(FailureKind::timeout) == "response: stall = 3");
    auto upgraded = three_bytes();
    upgraded.protocol = "websocket";
    CHECK(gist_of_exchange(FailureKind::reset, "", upgraded) ==
          "response: truncate = \"3s\", by = \"reset\"");
}

TEST_CASE("a blow within HTTP is made by the policy that has its rule") {
    auto blow = full_connection_failure();
    blow.failure.by = By::injected;
    blow.failure.kind = FailureKind::http;
    blow.failure.detail = "status 503 at request";
    CHECK(policy_for(last_of({blow})).find("by the rule \"break h2\" (status 503 at request)") !=
          std::string::npos);
}

TEST_CASE("what the app refused of what the server said") {
    auto refused = with_version(watched(alert_of_app(40, Phase::certificate)), "1.2");
    refused.handshake.negotiated->no_secure_renegotiation = true;
    CHECK(gist(refused) == "no_secure_renegotiation = true");
    auto silent = with_version(watched(by_app(FailureKind::eof, Phase::certificate)), "1.2");
    silent.handshake.negotiated->no_secure_renegotiation = true;
    CHECK(gist(silent) == "no_secure_renegotiation = true");
    CHECK(gist(silent, {.flaw = tls::Flaw::expired, .alert = {}, .alpn = {}}) == "certificate = \"expired\"");
    refused.failure->alert->description = tls::AlertDescription{45}; // it goes on, and refuses something else
    CHECK(gist(refused) == "none");

    auto other = with_version(watched(alert_of_app(50, Phase::server_hello)), "1.2");
    other.handshake.negotiated->alpn = "spdy/3";
    CHECK(gist(other) == "alpn_forced = \"spdy/3\"");
    other.handshake.negotiated->alpn = "a\" }\n";
    CHECK(gist(other) == "none");
}

TEST_CASE("what TLS 1.3 hides of a refusal may be an alert or a protocol too") {
    auto const hidden = with_version(watched(by_app(FailureKind::eof, Phase::certificate)), "1.3");
    CHECK(gist(hidden, {.flaw = {}, .alert = {}, .alpn = "spdy/3"}) == "alpn_forced = \"spdy/3\"");
    CHECK(gist(hidden, {.flaw = {}, .alert = tls::AlertDescription::internal_error, .alpn = {}}) ==
          "server_hello: alert = \"internal_error\"");
}

TEST_CASE("an alert that was encrypted is asked for") {
    auto const hidden = with_version(
        watched(
            broken(FailureKind::eof, Phase::server_hello,
                   "the server sent an encrypted record of the size of an alert within its first flight")),
        "1.3");
    CHECK(gist(hidden) == "none");
    CHECK(policy_for(seen(hidden)).find("say it with --alert") != std::string::npos);
    CHECK(gist(hidden, {{}, tls::AlertDescription{80}}) == "server_hello: alert = \"internal_error\"");
}

TEST_CASE("no TLS came about") {
    CHECK(gist(watched(broken(FailureKind::refused, Phase::connect))) == "address = \"127.0.0.1:1\"");
    CHECK(gist(watched(broken(FailureKind::dns, Phase::resolve))) == "address = \"no-such-name.invalid\"");
    CHECK(gist(watched(broken(FailureKind::timeout, Phase::connect))) == "none");
    CHECK(gist(watched(broken(FailureKind::refused, Phase::proxy_connect))) == "none");
    auto captured = seen(watched(broken(FailureKind::refused, Phase::connect)));
    captured.captured = true;
    CHECK(gist(captured) == "none");
    auto served = intercepted(alert_of_app(48, Phase::certificate));
    served.mode.clear();
    CHECK(gist(served) == "none");
}

TEST_CASE("what was made on purpose is made so again") {
    auto injected = intercepted(alert_received(40));
    injected.failure->by = By::injected;
    injected.failure->alert->direction = tls::Direction::sent;
    injected.injected_by = "broken";
    CHECK(gist(injected) == "alert = \"handshake_failure\"");
    auto silent = intercepted(broken(FailureKind::timeout, Phase::connect));
    silent.failure->by = By::injected;
    silent.injected_by = "broken";
    CHECK(gist(silent) == "connect: silence = true");
    auto flawed = intercepted(alert_of_app(42, Phase::certificate));
    flawed.injected_by = "broken";
    flawed.notes = {"injected: certificate wrong_host at certificate"};
    CHECK(gist(flawed) == "certificate = \"wrong_host\"");
}

namespace {

struct Case {
    char const* name;
    RecordedFailure failed;
    Told told = {};
};

std::vector<Case> cases() {
    auto bare = watched(alert_received(112));
    bare.handshake.offered->server_name.clear();
    auto large = watched(broken(FailureKind::reset, Phase::client_hello));
    large.handshake.offered->bytes = 1790;
    auto leaf = sample_certificate();
    leaf.not_after = "2026-02-01T00:00:00Z";
    auto without_h2 = established(sample_dial("http1", 3), "http/1.1");
    without_h2.handshake.offered->alpn = {"http/1.1"};
    auto twice = watched(alert_received(40), "2");
    auto fine = established(watched(alert_received(40), "3"), "");
    fine.failure.reset();
    fine.outcome = record::Outcome::passed;
    auto hostile = watched(broken(FailureKind::eof, Phase::client_hello, "x\n[[rule]]\nhost = \"*\""));
    hostile.client = "a\r\nmode = \"block\"";
    hostile.handshake.offered->server_name = "a\"\n[[rule]]";
    hostile.handshake.offered->ja4 = "a\" }\n[[rule]]";
    auto nameless = watched(alert_received(40));
    nameless.target.host = "a\"\n[[rule]]";
    return {{"an alert", seen(watched(alert_received(40)))},
            {"an alert, late", seen(slow(watched(alert_received(80))))},
            {"no SNI", seen(bare)},
            {"a large hello", seen(large)},
            {"others were answered", last_of({without_h2, watched(alert_received(40))})},
            {"now and then", last_of({fine, watched(alert_received(40)), twice})},
            {"a certificate", seen(refused_certificate(leaf, 45))},
            {"a certificate that was told",
             seen(watched(by_app(FailureKind::eof, Phase::certificate))),
             {tls::Flaw::wrong_host}},
            {"our own dial", seen(failed(sample_dial("modern", 1), alert_received(40)))},
            {"refused", seen(watched(broken(FailureKind::refused, Phase::connect)))},
            {"not trusted", seen(intercepted(alert_of_app(48, Phase::certificate)))},
            {"hostile", seen(hostile)},
            {"no host", seen(nameless)},
            {"no answer", seen(watched(broken(FailureKind::timeout, Phase::connect)))},
            {"a body that was cut",
             last_of({established(sample_dial("modern", 1), "h2"),
                      broken_exchange(broken(FailureKind::reset, Phase::after, "Connection reset by peer"),
                                      three_bytes())})}};
}

} // namespace

TEST_CASE("the policies as they read, each one accepted by check") {
    std::string all;
    for (auto const& one : cases()) {
        auto const text = policy_for(one.failed, one.told);
        all += std::string("######## ") + one.name + '\n' + text + '\n';
        if (text.starts_with("none")) continue;
        INFO(text);
        auto const parsed = policy::parse::parse_policy(text, "policy.toml", FakeCapabilities{});
        REQUIRE(parsed.has_value());
        CHECK(parsed->policy.rules.size() == 1);
    }
    check_golden("app/reproduced.toml", all);
}

TEST_CASE("an IPv6 address stands in brackets in the command and in the comment") {
    auto failure = watched(alert_received(40));
    failure.target.host = "2001:db8::1";
    auto const text = policy_for(seen(failure));
    CHECK_THAT(text, Catch::Matchers::Contains("https://[2001:db8::1]/\n"));
    CHECK_THAT(text, Catch::Matchers::Contains("seen:  [2001:db8::1]:443"));
}
