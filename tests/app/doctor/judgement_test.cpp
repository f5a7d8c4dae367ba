#include "app/doctor/judgement.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <map>

using namespace alert40::app;
using namespace alert40::app::doctor;
using Level = Finding::Level;

namespace {

App const& cursor = *app_named(built_in_apps(), "cursor");
App const& python = *app_named(built_in_apps(), "python");
pointing::ProxyAddress const proxy{"127.0.0.1", 4040, ""};

std::vector<std::string> lines(Findings const& findings) {
    std::vector<std::string> all;
    for (auto const& finding : findings)
        all.push_back(std::string(name_of(finding.level)) + ": " + finding.what);
    return all;
}

Environment of(std::map<std::string, std::string> values) {
    return [values](std::string const& name) { return values.contains(name) ? values.at(name) : ""; };
}

} // namespace

TEST_CASE("settings that bring everything here") {
    CHECK(lines(judge_settings(cursor, "s.json", {"http://127.0.0.1:4040", "override", true, true}, proxy)) ==
          std::vector<std::string>{
              "ok: http.proxy points here (s.json)",
              "ok: cursor.general.disableHttp2 is true: the agent's stream comes by HTTP/1.1 (s.json)"});
    CHECK(judge_settings(cursor, "s.json", {"http://localhost:4040/", {}, {}, true}, proxy).front().level ==
          Level::ok);
}

TEST_CASE("settings that do not") {
    auto const findings = judge_settings(cursor, "s.json", {"http://other:3128", "off", false, {}}, proxy);
    CHECK(lines(findings) ==
          std::vector<std::string>{
              "problem: http.proxy is other:3128, and the proxy is 127.0.0.1:4040 (s.json)",
              "problem: http.proxySupport is \"off\": extensions may go their own way (s.json)",
              "problem: http.proxyStrictSSL is false: no certificate is checked (s.json)",
              "note: cursor.general.disableHttp2 is not true: the agent speaks HTTP/2 from Node, which knows "
              "no proxy "
              "(s.json)"});
    for (auto const& finding : findings)
        CHECK_FALSE(finding.remedy.empty());
    CHECK(judge_settings(cursor, "s.json", {}, proxy).front().what == "http.proxy is not set (s.json)");
}

TEST_CASE("variables of a shell") {
    pointing::Situation const situation{proxy, pointing::Certificates{"/d/ca.pem", "/d/bundle.pem", "", {}},
                                        "", ""};
    std::map<std::string, std::string> values;
    for (auto const& [name, value] : pointing::variables_for(python.pointed_by, situation))
        values[name] = value;
    CHECK_FALSE(has_problem(judge_variables(python, of(values), situation, true)));
    values.erase("REQUESTS_CA_BUNDLE");
    CHECK(has_problem(judge_variables(python, of(values), situation, true)));
    CHECK_FALSE(has_problem(judge_variables(python, of(values), situation, false)));
    CHECK(has_problem(judge_variables(python, of({}), situation, false)));
    CHECK(has_problem(judge_variables(python, of({{"HTTPS_PROXY", "http://other:1"}}), situation, false)));
    CHECK_FALSE(has_problem(
        judge_variables(python, of({{"https_proxy", "http://127.0.0.1:4040"}}), situation, false)));
    CHECK_FALSE(has_problem(judge_variables(cursor, of({}), situation, true))); // its settings decide
}

TEST_CASE("Java reads one variable, and no other") {
    App const& java = *app_named(built_in_apps(), "java");
    pointing::Situation const situation{
        proxy, pointing::Certificates{"/d/ca.pem", "/d/bundle.pem", "/d/store", {}}, "", ""};
    std::map<std::string, std::string> values;
    for (auto const& [name, value] : pointing::variables_for(pointing::Client::shell, situation))
        values[name] = value;
    CHECK(has_problem(judge_variables(java, of(values), situation, false)));
    auto const options = pointing::variables_for(pointing::Client::java, situation).back();
    CHECK_FALSE(has_problem(judge_variables(java, of({{options.name, options.value}}), situation, true)));
    CHECK(has_problem(
        judge_variables(java, of({{options.name, "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=40401"}}),
                        situation, false)));
    CHECK(has_problem(judge_variables(
        java, of({{options.name, "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=4040"}}), situation, true)));
}

TEST_CASE("nobody's password is shown") {
    pointing::ProxyAddress const guarded{"127.0.0.1", 4040, "ci:secret"};
    for (auto const& line :
         lines(judge_settings(cursor, "s.json", {"http://me:word@other:1", {}, {}, true}, guarded)))
        CHECK_THAT(line, !Catch::Contains("secret") && !Catch::Contains("word"));
}

TEST_CASE("hosts that came, that failed, and that never came") {
    auto const findings =
        judge_hosts(cursor, {{"api2.cursor.sh", true, "TLS 1.3 h2"}, {"api3.cursor.sh", false, "alert 40"}});
    auto const all = lines(findings);
    CHECK(std::ranges::count(all, "ok: api2.cursor.sh came: TLS 1.3 h2") == 1);
    CHECK(std::ranges::count(all, "problem: api3.cursor.sh came, and failed: alert 40") == 1);
    CHECK(std::ranges::count(all, "note: authenticate.cursor.sh was never seen") == 1);
    CHECK(std::ranges::count(
              all,
              "problem: *.api5.cursor.sh was never seen: Node's http2.connect ignores every proxy setting") ==
          1);
}

TEST_CASE("an app that was not used yet is no problem") {
    auto const findings = judge_hosts(cursor, {{"example.com", true, ""}});
    CHECK(lines(findings) == std::vector<std::string>{"note: none of the hosts of Cursor was seen yet"});
    CHECK(judge_hosts(python, {}).empty());
}

TEST_CASE("an app of the user's own is told the words that alert40 env knows") {
    App const windsurf{"windsurf", "Windsurf", pointing::Client::vscode, {"s.json"}, {}, "windsurf.http1"};
    CHECK(judge_missing_settings(windsurf) ==
          Finding{Level::problem, "settings", "none found, such as ~/s.json",
                  "alert40 env --for vscode prints the lines to put there"});
    CHECK(judge_settings(windsurf, "s.json", {}, proxy).back().what ==
          "windsurf.http1 is not true: the agent speaks HTTP/2 from Node, which knows no proxy (s.json)");
}
