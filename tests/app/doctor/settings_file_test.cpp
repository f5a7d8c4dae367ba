#include "app/doctor/settings_file.hpp"

#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

using namespace alert40::app::doctor;

TEST_CASE("settings as people write them: with comments and trailing commas") {
    auto const settings = parse_editor_settings(R"({
        // the office
        "http.proxy": "http://127.0.0.1:4040", /* here */
        "http.proxySupport": "override",
        "http.proxyStrictSSL": false,
        "cursor.general.disableHttp2": true,
        "editor.fontSize": 14,
    })");
    REQUIRE(settings.has_value());
    CHECK(*settings == EditorSettings{"http://127.0.0.1:4040", "override", false, true});
}

TEST_CASE("what is not said, or said as something else, is absent") {
    CHECK(*parse_editor_settings("{}") == EditorSettings{});
    CHECK(*parse_editor_settings(R"({"http.proxy": 7, "http.proxyStrictSSL": "no"})") == EditorSettings{});
}

TEST_CASE("what is no settings file is an error that names it") {
    alert40::tests::ScratchFolder const scratch;
    CHECK_FALSE(read_editor_settings(scratch.path() / "missing.json"));
    auto const text = GENERATE("", "[]", "{", "{\"a\" 1}", "7");
    auto const read = read_editor_settings(scratch.write("settings.json", text));
    REQUIRE(read);
    CHECK_THAT(read->error(), Catch::Contains("settings.json: it is no JSON"));
}
