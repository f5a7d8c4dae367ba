#include "app/doctor/apps_file.hpp"

#include "app/doctor/built_in_apps_text.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

#include <fstream>
#include <iterator>
#include <set>

using namespace alert40::app;
using namespace alert40::app::doctor;
using Catch::Contains;
using Catch::StartsWith;

namespace {

/// What parsing this says is wrong.
std::string complaint(std::string_view text) {
    try {
        parse_apps(text);
    } catch (WrongApps const& wrong) {
        return wrong.what();
    }
    return "nothing";
}

/// An app x with one key.
std::string with(std::string const& member) {
    return R"({"x": {)" + member + "}}";
}

std::string repeated(std::string const& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += text;
    return out;
}

} // namespace

TEST_CASE("configs/apps.json is what is built in") {
    std::ifstream in(ALERT40_TESTS_DIR "/../configs/apps.json", std::ios::binary);
    CHECK(built_in_apps_text == std::string(std::istreambuf_iterator<char>(in), {}));
    CHECK(names_of(built_in_apps()) == "cursor|vscode|node|python|git|grpc|java|shell");
}

TEST_CASE("the built-in apps are each found by name, and pointed in a way of its own") {
    std::set<pointing::Client> clients;
    for (auto const& app : built_in_apps()) {
        CHECK(app_named(built_in_apps(), app.name) == &app);
        CHECK(app.pointed_by == pointing::client_named(app.name));
        clients.insert(app.pointed_by);
    }
    CHECK(clients.size() == built_in_apps().size());
    CHECK(app_named(built_in_apps(), "emacs") == nullptr);
}

TEST_CASE("an app with every key, with comments and trailing commas") {
    auto const apps = parse_apps(R"({
        // of the office
        "windsurf": {
            "title": "Windsurf", /* an editor
                                    of two lines */
            "pointed_by": "vscode",
            "settings": [".config/Windsurf/User/settings.json"],
            "hosts": ["Server.Example.com.", "*.bücher.example"],
            "node_http2_hosts": ["stream.example.com"],
            "http1_mode": "windsurf.disableHttp2",
        },
    })");
    CHECK(apps == Apps{{"windsurf",
                        "Windsurf",
                        pointing::Client::vscode,
                        {".config/Windsurf/User/settings.json"},
                        {{"server.example.com"}, {"*.xn--bcher-kva.example"}, {"stream.example.com", true}},
                        "windsurf.disableHttp2"}});
}

TEST_CASE("every key may be left out") {
    CHECK(parse_apps(R"({"slack": {}})") == Apps{{"slack", "slack", pointing::Client::shell, {}, {}, ""}});
    CHECK(parse_apps("{}").empty());
}

TEST_CASE("an app takes the place of the one with its name, and new ones come last") {
    auto const apps = laid_over(parse_apps(R"({"a": {"hosts": ["a.example"]}, "b": {}})"),
                                parse_apps(R"({"c": {}, "a": {"title": "other"}})"));
    CHECK(names_of(apps) == "a|b|c");
    CHECK(apps.front() == App{"a", "other", pointing::Client::shell, {}, {}, ""});
}

TEST_CASE("each mistake is said in one line, with what is near") {
    auto const [text, said] = GENERATE(table<std::string, std::string>({
        {"", "it is no JSON with comments: "},
        {"{\n\"x\": {},\n\"y\" 7\n}", "(line 3)"},
        {"[]", "it is no JSON object of apps"},
        {R"({"x": []})", R"(app "x" must be an object)"},
        {R"({"my app": {}})", R"("my app" is no name of an app)"},
        {R"({"-x": {}})", R"("-x" is no name of an app)"},
        {R"({"": {}})", R"("" is no name of an app)"},
        {with(R"("host": [])"), R"(unknown key "host" of app "x"; did you mean "hosts"?)"},
        {with(R"("title": 7)"), R"("title" of app "x": a text has 1 to 500 bytes, without control)"},
        {with(R"("title": "")"), "not \"\""},
        {with(R"("title": "a\u001bb")"), "without control characters"},
        {with(R"("pointed_by": "pyhton")"),
         R"("pointed_by" of app "x": "pyhton" is none of shell, node, python, grpc, java, git, cursor, vscode; )"
         R"(did you mean "python"?)"},
        {with(R"("pointed_by": "all")"), R"("all" is none of)"},
        {with(R"("hosts": "a.example")"), R"("hosts" of app "x" must be a list of at most 200 texts)"},
        {with(R"("hosts": ["a.example", 7])"), R"("hosts" of app "x": a text has)"},
        {with(R"("hosts": ["a..example"])"), R"("hosts" of app "x": "a..example" is no host name)"},
        {with(R"("node_http2_hosts": ["*"])"), R"("node_http2_hosts" of app "x": "*" is no host name)"},
        {with(R"("hosts": ["https://a.example/"])"), "is no host name"},
        {with(R"("pointed_by": "vscode")"), R"(app "x" lacks "settings": they go with "pointed_by")"},
        {with(R"("settings": ["s.json"])"), R"(app "x" has "settings": they go with "pointed_by")"},
        {with(R"("pointed_by": "vscode", "settings": [])"), R"(app "x" lacks "settings")"},
        {with(R"("pointed_by": "vscode", "settings": ["~/s.json"])"), "a path below the home folder"},
        {with(R"("pointed_by": "vscode", "settings": ["/s.json"])"), "a path below the home folder"},
    }));
    CAPTURE(text);
    CHECK_THAT(complaint(text), Contains(said));
    CHECK(complaint(text).find('\n') == std::string::npos);
}

TEST_CASE("there are bounds") {
    std::string apps = "{";
    for (int i = 0; i <= 200; ++i)
        apps += "\"a" + std::to_string(i) + "\": {},";
    CHECK_THAT(complaint(apps + "}"), Contains("more than 200 apps"));
    auto const hosts = [](std::size_t count) {
        return with("\"hosts\": [" + repeated("\"a.example\",", count) + "]");
    };
    CHECK(complaint(hosts(200)) == "nothing");
    CHECK_THAT(complaint(hosts(201)), Contains("at most 200"));
    CHECK(complaint(with("\"title\": \"" + repeated("x", 500) + "\"")) == "nothing");
    CHECK_THAT(complaint(with("\"title\": \"" + repeated("x", 501) + "\"")), Contains("1 to 500 bytes"));
    CHECK(complaint("{\"" + repeated("x", 64) + "\": {}}") == "nothing");
    CHECK_THAT(complaint("{\"" + repeated("x", 65) + "\": {}}"), Contains("is no name of an app"));
    CHECK_THAT(complaint(repeated("[", 10'000)), Contains("it is no JSON"));
}

TEST_CASE("a file that is missing holds no apps; a wrong one is named") {
    alert40::tests::ScratchFolder const scratch;
    auto const said_of = [](std::filesystem::path const& file) {
        try {
            read_apps(file);
        } catch (WrongApps const& wrong) {
            return std::string(wrong.what());
        }
        return std::string("nothing");
    };
    CHECK(read_apps(scratch.path() / "missing.json").empty());
    CHECK(read_apps(scratch.write("apps.json", R"({"slack": {}})")).size() == 1);
    auto const file = scratch.path() / "apps.json";
    scratch.write("apps.json", R"({"slack": {"host": []}})");
    CHECK(said_of(file) == file.string() + R"(: unknown key "host" of app "slack"; did you mean "hosts"?)");
    scratch.write("apps.json", "{\"a\\u001b[2J\": {}}");
    CHECK_THAT(said_of(file), Contains("\"a\\u{1b}[2J\" is no name"));
    scratch.write("apps.json", "{}" + repeated(" ", 256 * 1024));
    CHECK_THAT(said_of(file), Contains("apps.json: it is larger than 262144 bytes"));
    CHECK_THAT(said_of(scratch.path()), Contains("it is no file to read"));
}
