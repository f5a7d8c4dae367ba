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
