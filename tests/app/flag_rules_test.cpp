#include "app/flag_rules.hpp"

#include "app/exit.hpp"
#include "support/catch.hpp"

using alert40::app::listen_of;
using alert40::app::rules_of;
using alert40::app::RunFlags;
using alert40::app::UsageError;

TEST_CASE("without flags there is no rule") {
    CHECK(rules_of({}).empty());
}

TEST_CASE("--connect-to is a rule with an address, as curl means it") {
    RunFlags flags;
    flags.connect_to = {"example.com:443:127.0.0.1:9443"};
    CHECK(rules_of(flags) == "[[rule]]\n"
                             "name = \"--connect-to example.com:443:127.0.0.1:9443\"\n"
                             "host = \"example.com\"\n"
                             "port = 443\n"
                             "address = \"127.0.0.1:9443\"\n");
}

TEST_CASE("--connect-to with empty fields: any host or port, and what was asked for stays") {
    RunFlags flags;
    flags.connect_to = {"::other.example:"};
    CHECK(rules_of(flags) ==
          "[[rule]]\nname = \"--connect-to ::other.example:\"\naddress = \"other.example\"\n");
    flags.connect_to = {"a.example:::8443"};
    CHECK(rules_of(flags) ==
          "[[rule]]\nname = \"--connect-to a.example:::8443\"\nhost = \"a.example\"\naddress = \":8443\"\n");
}

TEST_CASE("--connect-to with IPv6 literals in brackets") {
    RunFlags flags;
    flags.connect_to = {"[::1]:443:[fe80::2]:9443"};
    CHECK(rules_of(flags) ==
          "[[rule]]\nname = \"--connect-to [::1]:443:[fe80::2]:9443\"\nhost = \"::1\"\nport = 443\n"
          "address = \"[fe80::2]:9443\"\n");
}

TEST_CASE("--resolve pins the address of one host and port") {
    RunFlags flags;
    flags.resolve = {"example.com:443:192.0.2.7", "+a.example:8443:[2001:db8::1]", "b.example:1:2001:db8::2",
                     "*:443:192.0.2.9"};
    CHECK(rules_of(flags) ==
          "[[rule]]\nname = \"--resolve example.com:443:192.0.2.7\"\nhost = \"example.com\"\nport = "
          "443\naddress = \"192.0.2.7:443\"\n"
          "[[rule]]\nname = \"--resolve +a.example:8443:[2001:db8::1]\"\nhost = \"a.example\"\nport = 8443\n"
          "address = \"[2001:db8::1]:8443\"\n"
          "[[rule]]\nname = \"--resolve b.example:1:2001:db8::2\"\nhost = \"b.example\"\nport = 1\naddress = "
          "\"[2001:db8::2]:1\"\n"
          "[[rule]]\nname = \"--resolve *:443:192.0.2.9\"\nport = 443\naddress = \"192.0.2.9:443\"\n");
}

TEST_CASE("what is not of curl's form is refused, and named") {
    auto const [flag, value] = GENERATE(table<std::string, std::string>({
        {"--connect-to", "example.com"},
        {"--connect-to", "a:b:c:d"},
        {"--connect-to", "a:443:b"},
        {"--connect-to", "a:443:b:99999999"},
        {"--connect-to", "[::1:443:b:1"},
        {"--resolve", "example.com"},
        {"--resolve", "example.com:443"},
        {"--resolve", "example.com:443:"},
        {"--resolve", ":443:192.0.2.7"},
        {"--resolve", "example.com:https:192.0.2.7"},
        {"--resolve", "example.com:443:192.0.2.7,192.0.2.8"},
    }));
    RunFlags flags;
    (flag == "--resolve" ? flags.resolve : flags.connect_to) = {value};
    CHECK_THROWS_WITH(rules_of(flags), Catch::Contains(flag) && Catch::Contains(value));
}

TEST_CASE("the last rule is for the hosts of --host") {
    RunFlags flags;
    flags.host = {"a.example", "*.b.example"};
    flags.via = "http://user:pass@proxy:3128";
    flags.resolver = "9.9.9.9";
    flags.diagnose = true;
    flags.intercept = {"c.example"};
    CHECK(rules_of(flags) ==
          "[[rule]]\nname = \"--intercept c.example\"\nhost = \"c.example\"\nmode = \"intercept\"\n"
          "[[rule]]\nname = \"command line\"\nhost = [\"a.example\", \"*.b.example\"]\n"
          "via = \"http://user:pass@proxy:3128\"\nresolver = \"9.9.9.9\"\ndiagnose = true\n");
}

TEST_CASE("modes of hosts: the exceptions stand in front, whatever the order on the command line") {
    RunFlags flags;
    flags.intercept = {"*.example.com"};
    flags.watch = {"api3.example.com", "auth.example.com"};
    flags.block = {"telemetry.example.com"};
    CHECK(rules_of(flags) ==
          "[[rule]]\nname = \"--block telemetry.example.com\"\nhost = \"telemetry.example.com\"\nmode = "
          "\"block\"\n"
          "[[rule]]\nname = \"--watch api3.example.com\"\nhost = \"api3.example.com\"\nmode = \"watch\"\n"
          "[[rule]]\nname = \"--watch auth.example.com\"\nhost = \"auth.example.com\"\nmode = \"watch\"\n"
          "[[rule]]\nname = \"--intercept *.example.com\"\nhost = \"*.example.com\"\nmode = \"intercept\"\n");
}

TEST_CASE("--credentials is a [listen] of its own") {
    RunFlags flags;
    CHECK(listen_of(flags).empty());
    flags.credentials = {"me:a\"b", "you:secret"};
    CHECK(listen_of(flags) == "[listen]\ncredentials = [\"me:a\\\"b\", \"you:secret\"]\n");
}

TEST_CASE("--host alone would do nothing, so it is refused") {
    RunFlags flags;
    flags.host = {"a.example"};
    CHECK_THROWS_AS(rules_of(flags), UsageError);
    flags.profile = "http1";
    CHECK(rules_of(flags) == "[[rule]]\nname = \"command line\"\nhost = [\"a.example\"]\n");
}

TEST_CASE("a value cannot leave its string") {
    RunFlags flags;
    flags.via = "x\"\nmode = \"block\\";
    CHECK(rules_of(flags) ==
          "[[rule]]\nname = \"command line\"\nvia = \"x\\\"\\u000amode = \\\"block\\\\\"\n");
}
