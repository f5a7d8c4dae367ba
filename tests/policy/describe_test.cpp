#include "policy/describe.hpp"
#include "support/catch.hpp"
#include "support/fake_capabilities.hpp"

using namespace alert40::policy;
using namespace std::chrono_literals;

namespace {

std::string const fallback = R"(  tunnels are passed on untouched, and watched
  ladder "standard": modern (once more without resumption), then http1, then no-alpn, then no-sni, then small-hello, then tls12
    its first step moves on at alert:40, alert:70, alert:80, alert:112, alert:120, reset, eof, timeout, h2-broken
    alert 86 to a lower version is reported, and the step dialled once more without the SCSV
    remembers what worked for 10m
    waits 5s for a connection, 8s for a handshake, 25s in all
)";

} // namespace

TEST_CASE("the built-in policy in plain words") {
    CHECK(describe(built_in_policy(), alert40::tests::FakeCapabilities()) ==
          "listens on 127.0.0.1:4040\n\nevery origin\n" + fallback);
}

TEST_CASE("a rule in plain words, with what is weak and when it ends, and without the password") {
    auto policy = built_in_policy();
    policy.maps = {{{"127.0.0.1", 4050}, {"https", "api.example.com", 443}}};
    Rule rule;
    rule.name = "bank";
    rule.match = {{"*.bank.test", "bank.test"}, {443, 8443}, {"127.0.0.1:4040"}};
    rule.mode = Mode::intercept;
    rule.ladder = ProfileName{"legacy"};
    rule.resolver = Resolver{Resolver::Kind::tcp, "9.9.9.9", 53};
    rule.address = Address{"127.0.0.1", 9443};
    rule.via = Via{Via::Kind::http_proxy, "proxy", 3128, "me", "secret"};
    rule.watch_if_untrusted = 90min;
    rule.split_hello = alert40::tls::SplitHello{alert40::tls::SplitHello::Mode::record, 5};
    rule.h2c = true;
    rule.diagnose = true;
    rule.until = std::chrono::milliseconds(30min);
    policy.rules = {rule};
    CHECK(describe(policy, alert40::tests::FakeCapabilities()) ==
          R"(listens on 127.0.0.1:4040
listens on 127.0.0.1:4050, which stands for https://api.example.com

rule "bank", for everything below bank.test, bank.test; port 443 or 8443; coming in on 127.0.0.1:4040
  tunnels are intercepted: the app gets a certificate of the local authority
  profile "legacy" and no other
  WEAK: profile "legacy" (TLS 1.0, security level 0, legacy renegotiation)
  where an app does not trust the authority, its host is only watched for 1h30m
  looks names up with tcp://9.9.9.9
  connects to 127.0.0.1:9443 instead; the name in the handshake stays
  goes through the proxy http://proxy:3128 as "me"
  cuts the hello of a watched app after 5 bytes into two TLS records
  speaks HTTP/2 to http:// origins, by prior knowledge
  finds out in the background why an origin fails where its ladder ended in failure
  ends 30m after it was first loaded

what no rule says
)" + fallback);
}

TEST_CASE("listeners in plain words: TLS, any host, and who is let in, without a password") {
    auto policy = built_in_policy();
    policy.listen.credentials = {"me:secret", "you:secret"};
    policy.maps = {{{"127.0.0.1", 4443}, {"https", "api.example.com", 443}, true, false},
                   {{"127.0.0.1", 443}, {"https", "", 8443}, true, true}};
    CHECK(describe(policy, alert40::tests::FakeCapabilities()) ==
          R"(listens on 127.0.0.1:4040
asks on these for the password of "me" or "you"
listens on 127.0.0.1:4443 for TLS, which stands for https://api.example.com
listens on 127.0.0.1:443 for TLS, which stands for the host that each hello names, port 8443

every origin
)" + fallback);
}

TEST_CASE("a condition on the hello in plain words") {
    auto policy = built_in_policy();
    Rule rule;
    rule.name = "odd apps";
    rule.match.client_hello.emplace();
    auto& hello = *rule.match.client_hello;
    hello.alpn = {"h2", "http/1.1"};
    hello.version_max = alert40::tls::ProtocolVersion::tls1_2;
    hello.no_server_name = true;
    hello.bytes_over = 1400;
    hello.ja3 = {"0123456789abcdef0123456789abcdef"};
    hello.ja4 = {"t13d*", "t12i*"};
    rule.split_hello.emplace();
    rule.watch_if_untrusted = 0ms;
    rule.ladder = ProfileName{"mirror"};
    policy.rules = {rule};
    CHECK(describe(policy, alert40::tests::FakeCapabilities()) ==
          R"(listens on 127.0.0.1:4040

rule "odd apps", for every host; where the app's hello offers h2 and http/1.1, and goes up to TLS 1.2, and names no server, and is longer than 1400 bytes, and has the JA3 0123456789abcdef0123456789abcdef, and has the JA4 t13d* or t12i*
  profile "mirror" and no other: what the app offered
  intercepts on where an app does not trust the authority
  passes the hello of a watched app as it came

what no rule says
)" + fallback);
}
