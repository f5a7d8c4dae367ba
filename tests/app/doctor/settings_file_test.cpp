#include "app/doctor/settings_file.hpp"

#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

using namespace alert40::app::doctor;

namespace {

constexpr auto http1_mode = "cursor.general.disableHttp2";

} // namespace

TEST_CASE("settings as people write them: with comments and trailing commas") {
    auto const settings = parse_editor_settings(R"({
        // the office
        "http.proxy": "http://127.0.0.1:4040", /* here */
        "http.proxySupport": "override",
        "http.proxyStrictSSL": false,
        "cursor.general.disableHttp2": true,
        "editor.fontSize": 14,
    })",
                                                http1_mode);
    REQUIRE(settings.has_value());
    CHECK(*settings == EditorSettings{"http://127.0.0.1:4040", "override", false, true});
}

TEST_CASE("what is not said, or said as something else, is absent") {
    CHECK(*parse_editor_settings("{}", http1_mode) == EditorSettings{});
    CHECK(*parse_editor_settings(R"({"http.proxy": 7, "http.proxyStrictSSL": "no"})", http1_mode) ==
          EditorSettings{});
}

TEST_CASE("each app calls its HTTP/1.1 mode by a name of its own") {
    auto const text = R"({"windsurf.http1": true, "cursor.general.disableHttp2": false})";
    CHECK(parse_editor_settings(text, "windsurf.http1")->http2_disabled == true);
    CHECK(parse_editor_settings(text, http1_mode)->http2_disabled == false);
    CHECK_FALSE(parse_editor_settings(text, "")->http2_disabled);
}

TEST_CASE("what is no settings file is an error that names it") {
    alert40::tests::ScratchFolder const scratch;
    CHECK_FALSE(read_editor_settings(scratch.path() / "missing.json", http1_mode));
    auto const text = GENERATE("", "[]", "{", "{\"a\" 1}", "7");
    auto const read = read_editor_settings(scratch.write("settings.json", text), http1_mode);
    REQUIRE(read);
    CHECK_THAT(read->error(), Catch::Contains("settings.json: it is no JSON"));
}
