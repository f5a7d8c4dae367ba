#include "tls/wire/alert_message.hpp"

#include "support/bytes.hpp"
#include "support/catch.hpp"
#include "tls/wire/record.hpp"

#include <span>

using namespace alert40::tls;
using alert40::tests::hex;
using wire::Malformed;
using wire::parse_alert;

TEST_CASE("an alert is a level and a description") {
    CHECK(*parse_alert(hex("0228"), Direction::received) ==
          Alert{AlertLevel::fatal, AlertDescription::handshake_failure, Direction::received});
    CHECK(*parse_alert(hex("0100"), Direction::sent) ==
          Alert{AlertLevel::warning, AlertDescription::close_notify, Direction::sent});
    CHECK(name_of(parse_alert(hex("02ff"), Direction::sent)->description) == "unassigned");
}

TEST_CASE("a fatal alert is written as a record that is read back") {
    auto const written = wire::fatal_alert_record(AlertDescription::access_denied);
    auto const record = std::span(written);
    auto const header = wire::parse_record_header(record.first(wire::record_header_size));
    REQUIRE(header.has_value());
    CHECK(header->type == wire::ContentType::alert);
    CHECK(*parse_alert(record.subspan(wire::record_header_size), Direction::sent) ==
          Alert{AlertLevel::fatal, AlertDescription::access_denied, Direction::sent});
}

TEST_CASE("anything else is no plain alert") {
    CHECK(parse_alert({}, Direction::received).error() == Malformed{Malformed::What::truncated, 0});
    CHECK(parse_alert(hex("02"), Direction::received).error() == Malformed{Malformed::What::truncated, 1});
    CHECK(parse_alert(hex("022800"), Direction::received).error() ==
          Malformed{Malformed::What::trailing_bytes, 2});
    CHECK(parse_alert(hex("0328"), Direction::received).error() ==
          Malformed{Malformed::What::illegal_value, 0});
    CHECK(parse_alert(hex("0000000000000001d2f5"), Direction::received).has_error()); // encrypted
}
