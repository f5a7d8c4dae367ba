#include "policy/parse/document.hpp"
#include "policy/parse/nesting.hpp"
#include "support/catch.hpp"

#include <string>

using namespace alert40::policy::parse;

namespace {

std::string repeated(std::string const& piece, std::size_t times) {
    std::string out;
    while (times-- > 0)
        out += piece;
    return out;
}

} // namespace

TEST_CASE("brackets and dots of an ordinary policy are not deep") {
    CHECK_FALSE(too_deep("[profile.x]\nverify = { names = [\"a.b\"] }\n"));
    CHECK_FALSE(too_deep(repeated("a = [[1], [2]]\n", 100)));
    CHECK_FALSE(too_deep(repeated("a.b.c = 1\n", 100)));
}

TEST_CASE("strings and comments do not count") {
    auto const dots = repeated(".", 100) + repeated("[", 100);
    CHECK_FALSE(too_deep("a = \"" + dots + "\"\n"));
    CHECK_FALSE(too_deep("a = '" + dots + "'\n"));
    CHECK_FALSE(too_deep("a = \"\"\"\n" + dots + "\"\"\"\n"));
    CHECK_FALSE(too_deep("a = '''\n" + dots + "'''\n"));
    CHECK_FALSE(too_deep("# " + dots + "\n"));
    CHECK_FALSE(too_deep(R"(a = "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")"));
}

TEST_CASE("what hides behind strings is found") {
    auto const dots = "a" + repeated(".a", 100) + " = 1\n";
    CHECK(too_deep("x = \"\"\n" + dots));
    CHECK(too_deep("x = ''\n" + dots));
    CHECK(too_deep("x = \"\\\\\"\n" + dots));
    CHECK(too_deep("x = '\\'\n" + dots));
    CHECK(too_deep("x = \"\"\"\\\"\"\"\"\n" + dots));
    CHECK(too_deep("x = { y = \"\"\"\n\"\"\"\"\", " + dots));
    CHECK(too_deep("\"a\"" + repeated(".a", 100) + " = 1\n"));
    CHECK(too_deep("x = \"unfinished\n" + dots) == Position{2, 66});
}

TEST_CASE("a hostile depth is an error with its place, and the parser never sees it") {
    for (auto const& text : {"a = " + repeated("[", 500'000), "a" + repeated(".a", 500'000) + " = 1",
                             "[a" + repeated(".a", 500'000) + "]", repeated("a = [\n{", 100'000)}) {
        auto const document = parse_document(text);
        REQUIRE_FALSE(document.has_value());
        CHECK(document.error().at.line > 0);
        CHECK(document.error().message == "nested deeper than any policy can be (32 levels)");
    }
}
