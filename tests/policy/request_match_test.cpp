#include "policy/request_match.hpp"
#include "support/catch.hpp"

using alert40::policy::RequestMatch;

TEST_CASE("a path fits as a whole, and * stands for anything in it") {
    struct Row {
        std::string pattern, path;
        bool fits;
    };

    auto const row = GENERATE(values<Row>({
        {"/v1", "/v1", true},
        {"/v1", "/v1?key=*", true},
        {"/v1", "/v1/chat", false},
        {"/v1/*", "/v1/chat/completions", true},
        {"/v1/*", "/v1", false},
        {"*", "/", true},
        {"*/complete", "/a/b/complete", true},
        {"*/complete", "/a/b/complete/x", false},
        {"/*/aa*b", "/x/aaab", true},
        {"/*a*a*a", "/aa", false},
        {"/a**", "/a", true},
        {"/a?b", "/a?b", false}, // a query never counts
    }));
    CAPTURE(row.pattern, row.path);
    CHECK(RequestMatch{{}, {row.pattern}}.matches("GET", row.path) == row.fits);
}

TEST_CASE("a method is as it is written, and each list counts that is not empty") {
    RequestMatch const match{{"POST", "PUT"}, {"/up", "/in"}};
    CHECK(match.matches("PUT", "/in"));
    CHECK_FALSE(match.matches("put", "/in"));
    CHECK_FALSE(match.matches("GET", "/up"));
    CHECK_FALSE(match.matches("POST", "/other"));
    CHECK(RequestMatch{}.matches("BREW", "/anything"));
}

TEST_CASE("a hostile pattern costs no more than its length times that of the path") {
    std::string pattern;
    for (int i = 0; i < 500; ++i)
        pattern += "*a";
    CHECK_FALSE(RequestMatch{{}, {pattern + "b"}}.matches("GET", std::string(20'000, 'a')));
}
