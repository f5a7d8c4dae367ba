#include "proxy/answer/bad_request.hpp"
#include "support/catch.hpp"

using namespace alert40::proxy;

TEST_CASE("a malformed request is answered in plain text, and says what was wrong") {
    auto const answer = bad_request(400, "both Content-Length and Transfer-Encoding");
    CHECK(answer.status == 400);
    CHECK(answer.body == "alert40: both Content-Length and Transfer-Encoding\n");
    CHECK(answer.fields ==
          decltype(answer.fields){
              {"content-type", "text/plain; charset=utf-8"},
              {"proxy-status",
               "alert40; error=http_request_error; details=\"both Content-Length and Transfer-Encoding\""},
              {"cache-control", "no-store"},
              {"x-content-type-options", "nosniff"}});
}

TEST_CASE("the reason cannot split the head or reach a terminal") {
    auto const answer = bad_request(431, "field \"x\r\ny: z\x1b[2J\xff\\\" is too long");
    CHECK(answer.body == "alert40: field \"x??y: z?[2J?\\\" is too long\n");
    CHECK(answer.fields[1].second ==
          R"(alert40; error=http_request_error; details="field \"x??y: z?[2J?\\\" is too long")");
}
