#include "record/failure_text.hpp"
#include "support/catch.hpp"
#include "support/sample_records.hpp"

using namespace alert40;
using namespace alert40::tests;
using record::failure_text;
using tls::FailureKind;
using tls::Phase;

TEST_CASE("a failure in one clause") {
    CHECK(failure_text(alert_received(40)) == "alert 40 handshake_failure received after client_hello");
    CHECK(failure_text(alert_sent(40, Phase::server_hello, "dh key too small")) ==
          "alert 40 handshake_failure sent after server_hello: dh key too small");
    CHECK(failure_text(broken(FailureKind::dns, Phase::resolve, "no such host")) ==
          "name not resolved: no such host");
    CHECK(failure_text(broken(FailureKind::refused, Phase::connect)) == "connection refused");
    CHECK(failure_text(broken(FailureKind::refused, Phase::proxy_connect, "407")) ==
          "connection refused at proxy_connect: 407");
    CHECK(failure_text(broken(FailureKind::timeout, Phase::client_hello)) ==
          "no answer in time after client_hello");
    CHECK(failure_text(*full_record().failure) ==
          "certificate not accepted after certificate (alert 48 unknown_ca sent): "
          "unable to get local issuer certificate");
}

TEST_CASE("where an app takes part, the words say which side it was") {
    using record::Role;
    auto refused = alert_sent(48, Phase::certificate, "alert 48 from the app");
    refused.by = tls::By::downstream;
    CHECK(failure_text(alert_received(40), Role::watched) ==
          "alert 40 handshake_failure from the server after client_hello");
    CHECK(failure_text(refused, Role::watched) == "alert 48 unknown_ca from the app after certificate");
    auto gone = broken(FailureKind::eof, Phase::server_hello);
    CHECK(failure_text(gone, Role::watched) == "connection closed on the server's side after server_hello");
    gone.by = tls::By::downstream;
    CHECK(failure_text(gone, Role::watched) == "connection closed on the app's side after server_hello");
    gone.detail = "the app closed the connection right after the ServerHello\x1b[2J";
    CHECK(failure_text(gone, Role::watched) ==
          "the app closed the connection right after the ServerHello\\u{1b}[2J");
    CHECK(failure_text(broken(FailureKind::refused, Phase::connect, "192.0.2.7:443"), Role::watched) ==
          "connection refused: 192.0.2.7:443");
    gone.detail.clear();
    CHECK(failure_text(gone, Role::intercepted) == "connection closed on the app's side after server_hello");
    CHECK(failure_text(alert_received(46, Phase::certificate), Role::intercepted) ==
          "alert 46 certificate_unknown from the app after certificate");
    CHECK(failure_text(alert_sent(70, Phase::client_hello, "unsupported protocol"), Role::served) ==
          "alert 70 protocol_version sent to the app after client_hello: unsupported protocol");
    CHECK(failure_text(broken(FailureKind::timeout, Phase::client_hello), Role::watched) ==
          "no answer in time after client_hello");
}

TEST_CASE("a failure that was made on purpose says so first") {
    auto failure = alert_received(40);
    failure.by = tls::By::injected;
    CHECK(failure_text(failure) == "injected: alert 40 handshake_failure received after client_hello");
}

TEST_CASE("a warning is called one") {
    auto failure = alert_received(112);
    failure.alert->level = tls::AlertLevel::warning;
    CHECK(failure_text(failure) == "warning alert 112 unrecognized_name received after client_hello");
}

TEST_CASE("the detail that a library gives of a received alert says nothing more") {
    auto failure = alert_received(40);
    failure.detail = "sslv3 alert handshake failure";
    CHECK(failure_text(failure) == "alert 40 handshake_failure received after client_hello");
}
