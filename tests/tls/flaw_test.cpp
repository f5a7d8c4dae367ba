#include "tls/flaw.hpp"

#include "support/catch.hpp"

using namespace alert40::tls;

TEST_CASE("flaws have names, and names flaws") {
    REQUIRE(flaw_names().size() == static_cast<std::size_t>(Flaw::long_chain) + 1);
    for (auto const name : flaw_names()) {
        auto const flaw = flaw_named(name);
        REQUIRE(flaw);
        CHECK(name_of(*flaw) == name);
    }
    CHECK(name_of(Flaw::expired) == "expired");
    CHECK(name_of(Flaw::long_chain) == "long_chain");
    CHECK_FALSE(flaw_named("good"));
    CHECK_FALSE(flaw_named(""));
}
