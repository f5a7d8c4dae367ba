#include "support/catch.hpp"
#include "tls/alert.hpp"
#include "tls/failure.hpp"
#include "tls/version.hpp"

#include <set>
#include <string>

using namespace alert40::tls;

TEST_CASE("alerts have IANA's names, both ways") {
    CHECK(name_of(AlertDescription::handshake_failure) == "handshake_failure");
    CHECK(text_of(AlertDescription::handshake_failure) == "alert 40 handshake_failure");
    CHECK(name_of(static_cast<AlertDescription>(0)) == "close_notify");
    CHECK(name_of(static_cast<AlertDescription>(40)) == "handshake_failure");
    CHECK(name_of(static_cast<AlertDescription>(70)) == "protocol_version");
    CHECK(name_of(static_cast<AlertDescription>(80)) == "internal_error");
    CHECK(name_of(static_cast<AlertDescription>(86)) == "inappropriate_fallback");
    CHECK(name_of(static_cast<AlertDescription>(112)) == "unrecognized_name");
    CHECK(name_of(static_cast<AlertDescription>(116)) == "certificate_required");
    CHECK(name_of(static_cast<AlertDescription>(120)) == "no_application_protocol");
    CHECK(name_of(static_cast<AlertDescription>(1)) == "unassigned");
    CHECK(alert_named("handshake_failure") == AlertDescription::handshake_failure);
    CHECK_FALSE(alert_named("unassigned"));
    CHECK_FALSE(alert_named("Handshake_Failure"));
    CHECK_FALSE(alert_named(""));

    std::set<std::string> names;
    for (int number = 0; number < 256; ++number) {
        auto const description = static_cast<AlertDescription>(number);
        auto const name = std::string{name_of(description)};
        if (name == "unassigned") continue;
        CHECK(alert_named(name) == description);
        CHECK(names.insert(name).second);
    }
    CHECK(names.size() == 37);
}

TEST_CASE("levels and directions are spelled as in the record") {
    CHECK(name_of(AlertLevel::warning) == "warning");
    CHECK(name_of(AlertLevel::fatal) == "fatal");
    CHECK(name_of(Direction::received) == "received");
    CHECK(name_of(Direction::sent) == "sent");
}

TEST_CASE("failures are spelled as in the record") {
    CHECK(name_of(By::downstream) == "downstream");
    CHECK(name_of(By::injected) == "injected");
    CHECK(name_of(Phase::resolve) == "resolve");
    CHECK(name_of(Phase::proxy_connect) == "proxy_connect");
    CHECK(name_of(Phase::client_hello) == "client_hello");
    CHECK(name_of(Phase::client_certificate) == "client_certificate");
    CHECK(name_of(Phase::after) == "after");
    CHECK(name_of(FailureKind::alert) == "alert");
    CHECK(name_of(FailureKind::not_tls) == "not_tls");
    CHECK(name_of(FailureKind::verify) == "verify");
    CHECK(name_of(FailureKind::dns) == "dns");

    for (auto kind = 0; kind <= static_cast<int>(FailureKind::dns); ++kind)
        CHECK(failure_kind_named(name_of(static_cast<FailureKind>(kind))) == static_cast<FailureKind>(kind));
    CHECK_FALSE(failure_kind_named("alerts"));
    CHECK_FALSE(failure_kind_named(""));
}

TEST_CASE("versions are 1.0 to 1.3; SSL 3.0 can be read and not asked for") {
    for (auto const* const name : {"1.0", "1.1", "1.2", "1.3"})
        CHECK(name_of(*version_named(name)) == name);
    CHECK(version_named("1.2") == ProtocolVersion::tls1_2);
    CHECK(name_of(ProtocolVersion::ssl3) == "ssl3");
    CHECK(name_of(static_cast<ProtocolVersion>(0x0305)) == "unknown");
    CHECK_FALSE(version_named("ssl3"));
    CHECK_FALSE(version_named("1.4"));
    CHECK_FALSE(version_named("TLS1.2"));
}
