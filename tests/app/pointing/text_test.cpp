#include "app/pointing/text.hpp"

#include "support/catch.hpp"
#include "support/golden.hpp"

#include <boost/json.hpp>

using namespace alert40::app::pointing;
using alert40::tests::check_golden;
namespace shell = alert40::app::shell;

namespace {

Situation here() {
    return {.proxy = {"127.0.0.1", 4040, ""},
            .certificates = Certificates{"/my data/ca.pem", "/my data/bundle.pem", "/my data/java.p12"},
            .no_proxy = "corp.example",
            .java_tool_options = ""};
}

} // namespace

TEST_CASE("what alert40 env prints, shell by shell and app by app") {
    auto const [client, kind, name] = GENERATE(table<Client, shell::Kind, std::string>({
        {Client::shell, shell::Kind::posix, "shell.sh"},
        {Client::shell, shell::Kind::fish, "shell.fish"},
        {Client::shell, shell::Kind::powershell, "shell.ps1"},
        {Client::all, shell::Kind::posix, "all.sh"},
        {Client::git, shell::Kind::posix, "git.sh"},
        {Client::cursor, shell::Kind::posix, "cursor.json"},
        {Client::vscode, shell::Kind::posix, "vscode.json"},
    }));
    check_golden("app/env/" + name, text_of(client, kind, here()));
}

TEST_CASE("how it is taken back") {
    check_golden("app/env/unset.sh", unset_text_of(Client::all, shell::Kind::posix));
    check_golden("app/env/unset.fish", unset_text_of(Client::shell, shell::Kind::fish));
    check_golden("app/env/unset-cursor.json", unset_text_of(Client::cursor, shell::Kind::posix));
}

TEST_CASE("without an authority a comment says how to get one") {
    auto situation = here();
    situation.certificates.reset();
    CHECK_THAT(text_of(Client::shell, shell::Kind::posix, situation),
               Catch::Contains("# ") && Catch::Contains("alert40 ca init"));
}

TEST_CASE("the same as JSON") {
    auto const all = boost::json::parse(json_of(Client::all, here())).as_object();
    CHECK(all.at("proxy") == "http://127.0.0.1:4040");
    CHECK(all.at("variables").at("NODE_EXTRA_CA_CERTS") == "/my data/ca.pem");
    CHECK(all.at("settings").at("http.proxyStrictSSL") == true);
    CHECK(all.at("certificates").at("bundle") == "/my data/bundle.pem");
}
