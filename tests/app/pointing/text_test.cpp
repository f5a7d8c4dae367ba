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
    check_golden("app/env/" + name, text_of(client, kind, here(), Memory{}));
}

TEST_CASE("how it is taken back") {
    check_golden("app/env/unset.sh", unset_text_of(Client::all, shell::Kind::posix, Memory{}));
    check_golden("app/env/unset.fish", unset_text_of(Client::shell, shell::Kind::fish, Memory{}));
    check_golden("app/env/unset-cursor.json", unset_text_of(Client::cursor, shell::Kind::posix, Memory{}));
}

TEST_CASE("without an authority a comment says how to get one") {
    auto situation = here();
    situation.certificates.reset();
    CHECK_THAT(text_of(Client::shell, shell::Kind::posix, situation, Memory{}),
               Catch::Contains("# ") && Catch::Contains("alert40 ca init"));
}

TEST_CASE("the same as JSON") {
    auto const all = boost::json::parse(json_of(Client::all, here())).as_object();
    CHECK(all.at("proxy") == "http://127.0.0.1:4040");
    CHECK(all.at("variables").at("NODE_EXTRA_CA_CERTS") == "/my data/ca.pem");
    CHECK(all.at("settings").at("http.proxyStrictSSL") == true);
    CHECK(all.at("certificates").at("bundle") == "/my data/bundle.pem");
}

TEST_CASE("what there was comes back, and what is the user's own stays") {
    Memory const memory([](std::string const& name) -> std::string {
        if (name == Memory::variable)
            return R"({"NO_PROXY":["corp","corp,localhost"],"no_proxy":["","localhost"],)"
                   R"("HTTP_PROXY":["","http://us"],"SSL_CERT_FILE":["corp.pem","ours.pem"]})";
        if (name == "NO_PROXY") return "corp,localhost";
        if (name == "no_proxy") return "localhost";
        if (name == "HTTP_PROXY") return "http://mine";
        return name == "SSL_CERT_FILE" ? "ours.pem" : "";
    });
    auto const text = unset_text_of(Client::shell, shell::Kind::posix, memory);
    for (auto const* const line :
         {"export NO_PROXY=corp\n", "unset no_proxy\n", "export SSL_CERT_FILE=corp.pem\n",
          "unset HTTPS_PROXY\n", "unset ALERT40_BEFORE\n"})
        CHECK_THAT(text, Catch::Contains(line));
    CHECK_THAT(text, !Catch::Contains(" HTTP_PROXY"));
}
