#include "app/control_request.hpp"

#include "app/exit.hpp"
#include "support/catch.hpp"

using namespace alert40::app;
using Command = ControlRequest::Command;

TEST_CASE("requests come back as they went") {
    auto const request =
        GENERATE(ControlRequest{Command::status, ""}, ControlRequest{Command::hosts, ""},
                 ControlRequest{Command::way_in, ""}, ControlRequest{Command::forget, "a.example"},
                 ControlRequest{Command::forget, "*"});
    auto const back = parse_control_request(to_json(request));
    REQUIRE(back.has_value());
    CHECK(*back == request);
}

TEST_CASE("anything else is answered with an error") {
    auto const text = GENERATE("", "{", "[]", "null", R"({"command":"stop"})", R"({"command":1})",
                               R"({"command":"forget"})", R"({"command":"forget","host":[]})", "\xff");
    CHECK_FALSE(parse_control_request(text).error().empty());
}

TEST_CASE("how much was forgotten") {
    CHECK(forgotten_json(2) == R"({"forgotten":2})");
    CHECK(parse_forgotten(forgotten_json(2)) == 2);
    CHECK_THROWS_WITH(parse_forgotten(error_json("no")), Catch::Contains("no"));
    CHECK_THROWS_AS(parse_forgotten("[]"), CommandError);
    CHECK_THROWS_AS(parse_forgotten(R"({"forgotten":-1})"), CommandError);
}
