#include "app/pointing/variables.hpp"

#include "support/catch.hpp"

#include <algorithm>

using namespace alert40::app::pointing;

namespace {

Situation here() {
    return {.proxy = {"127.0.0.1", 4040, ""},
            .certificates = Certificates{"/data/ca.pem", "/data/bundle.pem", "/data/java.p12", {}},
            .no_proxy = "",
            .java_tool_options = ""};
}

std::optional<std::string> value(std::vector<Variable> const& variables, std::string const& name) {
    auto const found = std::ranges::find(variables, name, &Variable::name);
    return found == variables.end() ? std::nullopt : std::optional(found->value);
}

} // namespace

TEST_CASE("NO_PROXY is kept, and this machine is in it once") {
    auto situation = here();
    auto const [before, after] = GENERATE(
        table<std::string, std::string>({{"", "localhost,127.0.0.1,::1"},
                                         {"corp.example, localhost", "corp.example,localhost,127.0.0.1,::1"},
                                         {"localhost,127.0.0.1,::1", "localhost,127.0.0.1,::1"},
                                         {"*", "*"}}));
    situation.no_proxy = before;
    CHECK(value(variables_for(Client::shell, situation), "NO_PROXY") == after);
}

TEST_CASE("what replaces a store gets the bundle, what adds to it the authority alone") {
    auto const variables = variables_for(Client::all, here());
    for (auto const* const name : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO",
                                   "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "CARGO_HTTP_CAINFO"})
        CHECK(value(variables, name) == "/data/bundle.pem");
    CHECK(value(variables, "NODE_EXTRA_CA_CERTS") == "/data/ca.pem");
}

TEST_CASE("a variable that named a file keeps its authorities; one that named no file is left alone") {
    auto situation = here();
    situation.certificates->own = {{"NODE_EXTRA_CA_CERTS", "/data/corp.pem"}, {"CURL_CA_BUNDLE", ""}};
    auto const variables = variables_for(Client::all, situation);
    CHECK(value(variables, "NODE_EXTRA_CA_CERTS") == "/data/corp.pem");
    CHECK_FALSE(value(variables, "CURL_CA_BUNDLE"));
    CHECK(value(variables, "SSL_CERT_FILE") == "/data/bundle.pem");
}

TEST_CASE("without an authority no variable speaks of one") {
    auto situation = here();
    situation.certificates.reset();
    for (auto const& variable : variables_for(Client::all, situation))
        CHECK(variable.value.find("/data") == std::string::npos);
}

TEST_CASE("Java's options come after those that there were, and once") {
    auto situation = here();
    situation.java_tool_options = "-Xmx1g";
    auto const once = value(variables_for(Client::java, situation), "JAVA_TOOL_OPTIONS");
    CHECK(once == "-Xmx1g -Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=4040 -Dhttps.proxyHost=127.0.0.1 "
                  "-Dhttps.proxyPort=4040 -Dhttp.nonProxyHosts=localhost|127.*|[::1] "
                  "-Djavax.net.ssl.trustStore=/data/java.p12 -Djavax.net.ssl.trustStorePassword=changeit");
    situation.java_tool_options = *once;
    CHECK(value(variables_for(Client::java, situation), "JAVA_TOOL_OPTIONS") == once);
    CHECK_FALSE(value(variables_for(Client::shell, situation), "JAVA_TOOL_OPTIONS"));
}

TEST_CASE("a store of Java's that the user chose stays") {
    auto situation = here();
    situation.java_tool_options = "-Djavax.net.ssl.trustStore=/corp";
    auto const options = value(variables_for(Client::java, situation), "JAVA_TOOL_OPTIONS").value();
    CHECK_THAT(options,
               Catch::StartsWith("-Djavax.net.ssl.trustStore=/corp ") && !Catch::Contains("java.p12"));
}

TEST_CASE("what can be set can be unset") {
    for (auto const name : clients) {
        auto const client = client_named(name).value();
        auto const names = names_for(client);
        for (auto const& variable : variables_for(client, here()))
            CHECK(std::ranges::count(names, variable.name) == 1);
    }
    CHECK_FALSE(client_named("emacs"));
}
