#include "diagnose/verdict/http_date.hpp"

#include "record/timestamp.hpp"
#include "support/catch.hpp"

using namespace alert40;
using diagnose::parse_http_date;

TEST_CASE("a date of HTTP is a moment") {
    auto const date = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
    REQUIRE(date);
    CHECK(record::timestamp(*date) == "1994-11-06T08:49:37.000000Z");
    CHECK(parse_http_date("Thu, 29 Feb 2024 23:59:60 GMT"));
}

TEST_CASE("what is no date of HTTP is none") {
    for (auto const* text :
         {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 CET",
          "Sun, 31 Feb 2024 08:49:37 GMT", "Sun, 06 Now 1994 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:4x:37 GMT"}) {
        INFO(text);
        CHECK(!parse_http_date(text));
    }
}
