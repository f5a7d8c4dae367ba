#include "policy/parse/trigger.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::policy;
using namespace alert40::policy::parse;

TEST_CASE("a trigger is read in each of its spellings and written in one") {
    struct {
        char const* typed;
        char const* text;
    } const rows[] = {
        {"alert:40", "alert:40"},
        {"alert:handshake_failure", "alert:40"},
        {"received:alert:40", "received:alert:40"},
        {"received:40", "received:alert:40"},
        {"sent:handshake_failure", "sent:alert:40"},
        {"alert:200", "alert:200"}, // not assigned, but a server may send it
        {"reset", "reset"},
        {"eof", "eof"},
        {"timeout", "timeout"},
        {"h2-broken", "h2-broken"},
    };

    for (auto const& row : rows) {
        CAPTURE(row.typed);
        auto const trigger = parse_trigger(row.typed);
        REQUIRE(trigger.has_value());
        CHECK(trigger->text() == row.text);
        CHECK(*parse_trigger(trigger->text()) == *trigger);
    }
    for (auto const* bad :
         {"", "40", "alert:", "alert:256", "alert:-1", "alert:4 0", "received:", "received:reset",
          "handshake_failure", "alert:40 ", "Reset", "sent:received:40"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_trigger(bad).has_value());
    }
}

TEST_CASE("alerts that no other profile makes better are refused, however they are written") {
    for (auto const* refused :
         {"alert:71", "alert:insufficient_security", "sent:71", "alert:42", "alert:43", "alert:44",
          "alert:45", "alert:46", "alert:48", "received:alert:unknown_ca"}) {
        CAPTURE(refused);
        auto const trigger = parse_trigger(refused);
        REQUIRE_FALSE(trigger.has_value());
        CHECK(trigger.error().find("must not have alert") != std::string::npos);
    }
    CHECK(parse_trigger("alert:47").has_value());
    CHECK(parse_trigger("alert:49").has_value());
}
