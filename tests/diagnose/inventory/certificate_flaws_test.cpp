#include "diagnose/inventory/certificate_flaws.hpp"

#include "record/timestamp.hpp"
#include "support/catch.hpp"

using namespace alert40;
using diagnose::certificate_flaws;

namespace {

using Chain = std::vector<tls::CertificateSummary>;

Chain good() {
    return {{"CN=www",
             "CN=intermediate",
             {"www.example.com", "*.example.org"},
             "2026-01-01T00:00:00Z",
             "2026-12-01T00:00:00Z",
             "EC P-256",
             "ecdsa-with-SHA256"},
            {"CN=intermediate",
             "CN=root",
             {},
             "2020-01-01T00:00:00Z",
             "2030-01-01T00:00:00Z",
             "RSA 2048",
             "sha256WithRSAEncryption"}};
}

std::vector<std::string> flaws(Chain const& chain, std::string_view host = "www.example.com") {
    return certificate_flaws(chain, host, *record::parse_timestamp("2026-06-01T00:00:00Z"));
}

} // namespace

TEST_CASE("a chain that is right has no flaw") {
    CHECK(flaws(good()).empty());
    CHECK(flaws(good(), "WWW.example.com").empty());
    CHECK(flaws(good(), "a.example.org").empty());
}

TEST_CASE("a wildcard stands for one whole label") {
    for (auto const* const host : {"a.b.example.org", "example.org", "example.com", "xwww.example.com"})
        CHECK(flaws(good(), host) ==
              std::vector<std::string>{"the server's own: not for " + std::string(host) +
                                       " but for www.example.com, *.example.org"});
}

TEST_CASE("each flaw is named, and whose it is") {
    auto chain = good();
    chain[0].not_after = "2026-05-01T00:00:00Z";
    chain[1].not_before = "2026-07-01T00:00:00Z";
    chain[1].key = "RSA 1024";
    chain[0].signature = "sha1WithRSAEncryption";
    CHECK(flaws(chain) == std::vector<std::string>{"the server's own: expired on 2026-05-01T00:00:00Z",
                                                   "the server's own: weak signature, sha1WithRSAEncryption",
                                                   "CN=intermediate: not valid before 2026-07-01T00:00:00Z",
                                                   "CN=intermediate: weak key, RSA 1024"});
}

TEST_CASE("a chain out of order, and one that signs itself") {
    auto chain = good();
    chain.insert(chain.begin() + 1, {"CN=root", "CN=root", {}, "", "", "RSA 4096", "sha1WithRSAEncryption"});
    CHECK(flaws(chain) ==
          std::vector<std::string>{
              "the server's own: what follows in the chain is not its issuer, CN=intermediate",
              "CN=root: what follows in the chain is not its issuer, CN=root"});
    Chain alone{good().front()};
    alone.front().issuer = alone.front().subject;
    CHECK(flaws(alone) == std::vector<std::string>{"the server's own: signed by its own key"});
    CHECK(flaws({}).empty());
}
