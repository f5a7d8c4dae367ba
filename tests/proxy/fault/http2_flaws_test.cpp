#include "proxy/fault/http2_flaws.hpp"

#include "support/catch.hpp"

using namespace alert40;
namespace fault = policy::fault;

TEST_CASE("what a blow at the preface makes of HTTP/2, and its words") {
    proxy::Blow const blow{policy::FaultPoint::preface,
                           {fault::NoWindow{}, fault::NoSettingsAck{}, fault::Goaway{13}},
                           "broken"};
    CHECK(proxy::http2_flaws_of(blow) ==
          proxy::Http2Flaws{.no_settings_ack = true, .no_window = true, .goaway = 13});
    CHECK(proxy::words_of(blow) ==
          "no_window at preface, no_settings_ack at preface, goaway 13 HTTP_1_1_REQUIRED at preface");
    CHECK(proxy::http2_flaws_of({policy::FaultPoint::preface, {fault::NoWindow{}}, ""}) ==
          proxy::Http2Flaws{.no_window = true});
}
