#include "policy/parse/document.hpp"
#include "support/catch.hpp"

#include <chrono>

using namespace alert40::policy::parse;
using namespace std::chrono_literals;

TEST_CASE("members come in the order of the file, each with its place") {
    auto const document = parse_document("z = 1\na = \"two\"\n\n[m.x]\nb = true\n");
    REQUIRE(document.has_value());
    auto const& table = *document->table();
    REQUIRE(table.size() == 3);
    CHECK(table[0].key == "z");
    CHECK(table[0].at == Position{1, 1});
    CHECK(table[0].value.at == Position{1, 5});
    CHECK(table[1].key == "a");
    CHECK(*table[1].value.text() == "two");
    CHECK(table[2].key == "m");
    auto const* x = find(*table[2].value.table(), "x");
    REQUIRE(x);
    CHECK(find(*x->table(), "b")->at == Position{5, 5});
    CHECK(find(*x->table(), "c") == nullptr);
}

TEST_CASE("a time is a moment only with an offset") {
    auto const document = parse_document(
        "a = 2026-11-23T04:04:05+01:00\nb = 2026-11-23T04:04:05\nc = 2026-11-23\nd = 0001-01-01T00:00:00Z\n");
    REQUIRE(document.has_value());
    auto const& table = *document->table();
    CHECK(std::get<Node::Time>(table[0].value.value).time_since_epoch() == 1795403045s);
    for (auto const i : {1U, 2U, 3U})
        CHECK(std::holds_alternative<LocalTime>(table[i].value.value));
}

TEST_CASE("what is not TOML is an error with its place") {
    auto const document = parse_document("a = 1\nb = [\n");
    REQUIRE_FALSE(document.has_value());
    CHECK(document.error().at.line == 2);
    CHECK_FALSE(parse_document("a = \"\xFF\"\n").has_value());
    CHECK_FALSE(parse_document(std::string_view("a = \0", 5)).has_value());
}
