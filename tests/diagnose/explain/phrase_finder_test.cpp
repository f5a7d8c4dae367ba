#include "diagnose/explain/phrase_finder.hpp"
#include "support/catch.hpp"

#include <array>
#include <set>
#include <string>

namespace {

using alert40::explain::PhraseFinder;

std::multiset<std::string> found(PhraseFinder const& finder, std::span<std::string_view const> phrases,
                                 std::string_view text) {
    std::multiset<std::string> all;
    finder.find(text, [&](std::size_t index, std::size_t end) {
        all.insert(std::string{phrases[index]} + "@" + std::to_string(end));
    });
    return all;
}

} // namespace

TEST_CASE("phrases are found wherever they are, also within one another") {
    constexpr auto phrases = std::to_array<std::string_view>({"he", "she", "his", "hers"});
    PhraseFinder const finder{phrases};
    CHECK(found(finder, phrases, "ushers") == std::multiset<std::string>{"she@4", "he@4", "hers@6"});
    CHECK(found(finder, phrases, "hishe") == std::multiset<std::string>{"his@3", "she@5", "he@5"});
    CHECK(found(finder, phrases, "").empty());
    CHECK(found(finder, phrases, "xyz").empty());
}

TEST_CASE("capital letters, underscores and hyphens make no difference") {
    constexpr auto phrases = std::to_array<std::string_view>({"wrong version number"});
    PhraseFinder const finder{phrases};
    CHECK(found(finder, phrases, "WRONG_VERSION_NUMBER").size() == 1);
    CHECK(found(finder, phrases, "wrong-Version number").size() == 1);
    CHECK(found(finder, phrases, "wrong  version number").empty());
}

TEST_CASE("any bytes can be looked through") {
    constexpr auto phrases = std::to_array<std::string_view>({"ab"});
    PhraseFinder const finder{phrases};
    std::string text;
    for (int c = 0; c < 256; ++c)
        text += static_cast<char>(c);
    CHECK(found(finder, phrases, text) == std::multiset<std::string>{"ab@67", "ab@99"});
}
