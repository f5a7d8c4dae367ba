#include "app/doctor/finding.hpp"

#include "support/catch.hpp"

using namespace alert40::app::doctor;

TEST_CASE("findings for a person, and as JSON") {
    Findings const findings{{Finding::Level::ok, "proxy", "runs", ""},
                            {Finding::Level::problem, "settings", "http.proxy is not set", "set it"}};
    CHECK(to_text(findings) == "ok       proxy: runs\n"
                               "problem  settings: http.proxy is not set\n"
                               "         -> set it\n");
    CHECK(
        to_json("cursor", findings) ==
        R"({"app":"cursor","ok":false,"findings":[{"level":"ok","about":"proxy","what":"runs","remedy":""},)"
        R"({"level":"problem","about":"settings","what":"http.proxy is not set","remedy":"set it"}]})"
        "\n");
}

TEST_CASE("a note is no problem") {
    CHECK_FALSE(has_problem({{Finding::Level::note, "", "", ""}}));
    CHECK(has_problem({{Finding::Level::ok, "", "", ""}, {Finding::Level::problem, "", "", ""}}));
}
