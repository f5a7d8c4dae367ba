#include "policy/alert_places.hpp"

#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::policy;
using enum FaultPoint;
using enum tls::ProtocolVersion;

TEST_CASE("a fatal alert can be sent at each point after the hello") {
    for (auto const point : {client_hello, server_hello, certificate, finished})
        CHECK(why_not(fault::Alert{}, point, tls1_3).empty());
}

TEST_CASE("a warning can be sent where nothing is encrypted") {
    fault::Alert const warning{.level = tls::AlertLevel::warning};
    CHECK(why_not(warning, client_hello, tls1_3).empty());
    for (auto const point : {server_hello, certificate}) {
        CHECK(why_not(warning, point, tls1_2).empty());
        CHECK(why_not(warning, point, tls1_3).find("version_max") != std::string::npos);
    }
    CHECK(why_not(warning, finished, tls1_2).find("close_notify") != std::string::npos);
}

TEST_CASE("the encryption of TLS 1.1 has no alert of ours in it") {
    CHECK_FALSE(why_not(fault::Alert{}, finished, tls1_1).empty());
    CHECK(why_not(fault::Alert{}, finished, tls1_2).empty());
    CHECK(why_not(fault::Alert{}, server_hello, tls1_1).empty());
}
