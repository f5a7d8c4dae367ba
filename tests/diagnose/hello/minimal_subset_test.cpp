#include "diagnose/hello/minimal_subset.hpp"

#include "support/catch.hpp"

#include <map>
#include <numeric>
#include <random>

using namespace alert40::diagnose;

namespace {

Subset everything(std::size_t size) {
    Subset all(size);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

/// So many of them.
Subset chosen(std::mt19937& random, std::size_t of, std::size_t count) {
    auto all = everything(of);
    std::ranges::shuffle(all, random);
    all.resize(count);
    std::ranges::sort(all);
    return all;
}

} // namespace

TEST_CASE("planted causes are found") {
    std::mt19937 random{40};
    std::size_t asked = 0;
    constexpr int trials = 300;
    for (int trial = 0; trial < trials; ++trial) {
        auto const size = 2 + random() % 60;
        std::vector<Subset> causes;
        for (auto i = 1 + random() % 3; i > 0; --i) // any of them is enough
            causes.push_back(chosen(random, size, 1 + random() % std::min<std::size_t>(size, 3)));
        std::map<Subset, bool> known;
        auto const shows = [&](Subset const& tried) -> std::optional<bool> {
            auto const [place, is_new] = known.try_emplace(tried);
            asked += is_new;
            place->second = std::ranges::any_of(
                causes, [&](Subset const& cause) { return std::ranges::includes(tried, cause); });
            return place->second;
        };
        auto const found = minimal_subset(everything(size), shows);
        REQUIRE(found);
        CHECK(std::ranges::find(causes, *found) != causes.end());
    }
    CHECK(asked < trials * 60);
}

TEST_CASE("what is found cannot be made smaller by one, even where more shows less") {
    std::mt19937 random{41};
    for (int trial = 0; trial < 300; ++trial) {
        auto const size = 2 + random() % 12;
        std::map<Subset, bool> whims{{everything(size), true}};
        auto const shows = [&](Subset const& tried) -> std::optional<bool> {
            return whims.try_emplace(tried, random() % 3 == 0).first->second;
        };
        auto const found = minimal_subset(everything(size), shows);
        REQUIRE(found);
        CHECK(whims.at(*found));
        for (auto const one : *found)
            if (found->size() > 1) CHECK_FALSE(*shows(less(*found, {one})));
    }
}

TEST_CASE("it stops where it has to ask, and goes on from there") {
    std::map<Subset, bool> known;
    std::optional<Subset> question, found;
    auto const shows = [&](Subset const& tried) -> std::optional<bool> {
        if (auto const one = known.find(tried); one != known.end()) return one->second;
        question = tried;
        return std::nullopt;
    };
    for (int asked = 0; asked < 100 && !(found = minimal_subset(everything(16), shows)); ++asked)
        known[*question] = std::ranges::includes(*question, Subset{3, 12});
    CHECK(found == Subset{3, 12});
    CHECK(minimal_subset(Subset{7}, shows) == Subset{7});
}
