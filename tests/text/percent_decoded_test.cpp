#include "text/percent_decoded.hpp"

#include "support/catch.hpp"

using alert40::text::percent_decoded;

TEST_CASE("escapes become bytes, and the rest stays") {
    CHECK(percent_decoded("") == "");
    CHECK(percent_decoded("p%40ss%3aw") == "p@ss:w");
    CHECK(percent_decoded("%00%fF") == std::string("\0\xff", 2));
}

TEST_CASE("a broken escape is none") {
    for (auto const* text : {"%", "a%4", "%4", "%g0", "%0g", "%+1", "% 1", "%-1"})
        CHECK_FALSE(percent_decoded(text));
}
