#include "app/doctor/h2_frames.hpp"

#include "support/catch.hpp"

using namespace alert40::app::doctor;
using namespace std::string_literals;

namespace {

auto const settings = "\0\0\0\x04\0\0\0\0\0"s;

std::string data(std::string const& payload, char flags = 0) {
    return "\0\0"s + static_cast<char>(payload.size()) + '\0' + flags + "\0\0\0\x01"s + payload;
}

} // namespace

TEST_CASE("a GET is the preface, SETTINGS and HEADERS") {
    CHECK(h2_get("a:1", {{"b", "c"}}) == "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"s + settings +
                                             "\0\0\x0d\x01\x05\0\0\0\x01\x82\x86\x84\x01\x03"s + "a:1" +
                                             "\0\x01"s + "b\x01" + "c");
}

TEST_CASE("bodies are what DATA carried, however the bytes come") {
    auto const bytes = settings + data("one ") + data("\x02two--", 0x8) + data("!");
    H2Reader at_once, one_by_one;
    at_once.feed(bytes);
    for (char const c : bytes)
        one_by_one.feed({&c, 1});
    CHECK(at_once.data() == "one two!");
    CHECK(one_by_one.data() == at_once.data());
    CHECK(at_once.settings_seen());
    CHECK_FALSE(one_by_one.failed());
}

TEST_CASE("what is no HTTP/2, or ends it, fails") {
    auto const bytes =
        GENERATE("HTTP/1.1 400 Bad Request\r\n\r\n"s, settings + "\0\0\x04\x03\0\0\0\0\x01\0\0\0\x08"s,
                 settings + "\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\0"s, settings + data("\x05", 0x8),
                 settings + "\xff\xff\xff\0\0\0\0\0\x01"s);
    H2Reader reader;
    reader.feed(bytes);
    CHECK(reader.failed());
}
