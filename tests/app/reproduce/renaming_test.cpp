// Names and addresses that are to stay at home.
#include "app/reproduce/policy_text.hpp"
#include "app/reproduce/renaming.hpp"
#include "app/reproduce/samples.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::tests;
using app::reproduce::parsed_renaming;
using app::reproduce::Recipe;
using app::reproduce::renamed;

TEST_CASE("a name, and what is below it, but not within other words") {
    app::reproduce::Renaming const renaming{{"example.com", "origin.test"}, {"192.0.2.7", "192.0.2.1"}};
    CHECK(renamed("example.com:443", renaming) == "origin.test:443");
    CHECK(renamed("eu.api.example.com.", renaming) == "eu.api.origin.test.");
    CHECK(renamed("myexample.com example.com.au example.community", renaming) ==
          "myexample.com example.com.au example.community");
    CHECK(renamed("(192.0.2.7) 192.0.2.77", renaming) == "(192.0.2.1) 192.0.2.77");
}

TEST_CASE("the longest name first") {
    CHECK(renamed("api.example.com example.com",
                  {{"example.com", "b.test"}, {"api.example.com", "a.test"}}) == "a.test b.test");
}

TEST_CASE("what --rename takes") {
    CHECK(parsed_renaming("API.example.com=origin.test") ==
          std::pair<std::string, std::string>{"api.example.com", "origin.test"});
    auto const wrong = GENERATE("", "api.example.com", "=x.test", "a b=c", "a.example=\"");
    CHECK_THROWS(parsed_renaming(wrong));
}

TEST_CASE("anonymous: no name and no address is left") {
    auto leaf = sample_certificate();
    leaf.names = {"*.secret.example", "192.0.2.99"};
    auto record = refused_certificate(leaf, 42);
    record.target.via = "http://proxy.corp.example:3128";
    auto failed = seen(record);
    auto recipe = std::get<Recipe>(recipe_for(failed, {}));
    rename(failed, recipe, anonymous(failed));
    auto const text = policy_text(failed, recipe, trigger_of(failed));
    INFO(text);
    for (auto const* name : {"example", "192.0.2.7", "192.0.2.99", "secret", "corp"})
        CHECK(text.find(name) == std::string::npos);
    CHECK(text.find("host = \"origin.test\"") != std::string::npos);
}
