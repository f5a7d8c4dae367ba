#include "app/greeting.hpp"

#include "support/catch.hpp"

using alert40::app::greeting;

TEST_CASE("the greeting says where, by which policy, and what to try") {
    CHECK_THAT(
        greeting({"127.0.0.1:4040", "127.0.0.1:4050 -> https://a.example"}, "policy.toml", false),
        Catch::EndsWith(
            ", policy: policy.toml\n"
            "  listens on 127.0.0.1:4040\n"
            "  listens on 127.0.0.1:4050 -> https://a.example\n"
            "  try: curl http://example.com.localhost:4040/   (https://example.com/ through alert40)\n"));
}

TEST_CASE("with mapped listeners alone, one of them is tried") {
    CHECK_THAT(
        greeting({"127.0.0.1:4050 -> https://a.example"}, "p", false),
        Catch::EndsWith("  try: curl http://127.0.0.1:4050/   (https://a.example/ through alert40)\n"));
}

TEST_CASE("colour only where it is wanted") {
    CHECK_THAT(greeting({"127.0.0.1:4040"}, "p", true), Catch::Contains("\033["));
    CHECK_THAT(greeting({"127.0.0.1:4040"}, "p", false), !Catch::Contains("\033["));
}
