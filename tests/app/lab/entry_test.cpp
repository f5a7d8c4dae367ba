#include "app/lab/entry.hpp"

#include "support/catch.hpp"

#include <algorithm>

using namespace alert40::app::lab;

TEST_CASE("an entry begins with what it shows and what mends it") {
    auto const entry = parse_entry(
        "broken", "# It fails,\n# always.\n# Mended by: nothing\n# at all.\n\n[[rule]]\n# a remark\n");
    CHECK(entry == Entry{"broken", "It fails, always.", "nothing at all.", "\n[[rule]]\n# a remark\n"});
}

TEST_CASE("an entry without one of the two is wrong") {
    auto const text = GENERATE("", "[[rule]]\n", "# It fails.\n[[rule]]\n", "# Mended by: nothing\n",
                               "# It fails.\n# Mended by: \n");
    CAPTURE(text);
    CHECK_THROWS_AS(parse_entry("broken", text), WrongEntry);
}

TEST_CASE("the entries of the lab are all there, in the order of their names") {
    auto const& entries = built_in_entries();
    REQUIRE(entries.size() > 20);
    CHECK(std::ranges::is_sorted(entries, {}, &Entry::name));
    for (auto const& entry : entries)
        CHECK(entry.rules.find("[[rule.fault]]") != std::string::npos);
}
