#include "policy/parse/nearest.hpp"
#include "support/catch.hpp"

using namespace alert40::policy::parse;

TEST_CASE("distance counts slips of the fingers") {
    CHECK(edit_distance("host", "host") == 0);
    CHECK(edit_distance("hots", "host") == 1); // a swap
    CHECK(edit_distance("hst", "host") == 1);
    CHECK(edit_distance("hosts", "host") == 1);
    CHECK(edit_distance("hast", "host") == 1);
    CHECK(edit_distance("HOST", "host") == 0); // case is no slip
    CHECK(edit_distance("", "host") == 4);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance(std::string(70, 'a'), std::string(70, 'a')) == 70);
}

TEST_CASE("the nearest name is offered when it is near") {
    std::vector<std::string> const names = {"host", "port", "profile"};
    CHECK(did_you_mean("hots", names) == "; did you mean \"host\"?");
    CHECK(did_you_mean("Profle", names) == "; did you mean \"profile\"?");
    CHECK(did_you_mean("xyz", names).empty());
    CHECK(did_you_mean("", names).empty());
    CHECK(did_you_mean("x", {"ab"}).empty());
}
