#include "app/pointing/memory.hpp"

#include "support/catch.hpp"

using namespace alert40::app::pointing;
using Fate = Memory::Fate;

namespace {

using Values = std::map<std::string, std::string>;

Memory memory_in(Values values) {
    return Memory([values](std::string const& name) { return values.contains(name) ? values.at(name) : ""; });
}

/// The shell after it has evaluated what `alert40 env` printed.
Values after(Values shell, std::vector<Variable> given) {
    given.push_back(memory_in(shell).with(given));
    for (auto const& [name, value] : given)
        shell[name] = value;
    return shell;
}

} // namespace

TEST_CASE("what was overwritten is remembered, what was not set is too") {
    auto const shell = after({{"A", "mine"}}, {{"A", "ours"}, {"B", "ours"}});
    auto const memory = memory_in(shell);
    CHECK(memory.before("A") == "mine");
    CHECK(memory.fate("A") == Fate::restore);
    CHECK(memory.before("B").empty());
    CHECK(memory.fate("B") == Fate::unset);
}

TEST_CASE("pointed here twice, the first time counts") {
    auto const shell = after(after({{"A", "mine"}}, {{"A", "ours"}, {"B", "ours"}}), {{"A", "newer"}});
    CHECK(memory_in(shell).before("A") == "mine");
    CHECK(memory_in(shell).fate("B") == Fate::unset);
    CHECK(memory_in(shell).knows("B"));
}

TEST_CASE("what is taken back alone is forgotten alone") {
    auto const memory = memory_in(after({{"A", "mine"}}, {{"A", "ours"}, {"B", "ours"}}));
    CHECK(memory.without({"B"}) == R"({"A":["mine","ours"]})");
    CHECK(memory.without({"A", "B"}).empty());
}

TEST_CASE("what the user has set since is the user's") {
    auto shell = after({{"A", "mine"}}, {{"A", "ours"}});
    shell["A"] = "mine now";
    CHECK(memory_in(shell).before("A") == "mine now");
    CHECK(memory_in(shell).fate("A") == Fate::keep);
    CHECK(memory_in(after(shell, {{"A", "ours"}})).before("A") == "mine now");
}

TEST_CASE("nothing is remembered, or nonsense") {
    auto const text = GENERATE("", "{", "[]", R"({"A":1})", R"({"A":["x"]})", R"({"A":["x",1]})");
    auto const memory = memory_in({{"A", "mine"}, {Memory::variable, text}});
    CHECK(memory.before("A") == "mine");
    CHECK(memory.fate("A") == Fate::unset);
    CHECK_FALSE(memory.knows("A"));
}
