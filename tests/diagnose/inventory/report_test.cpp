#include "diagnose/inventory/report.hpp"

#include "diagnose/inventory/remarks.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::diagnose;

namespace {

Inventory weak_server() {
    Inventory found;
    found.versions = {{0x0303, {{0xc02f, 0x0005, 0x000a, 0x002f}, Decides::server}, {{0x0017}, {}}, {}},
                      {0x0300, {{0x0005}, {}}, {}, {}}};
    found.secure_renegotiation = false;
    found.fallback_scsv = false;
    found.dh_bits = 1024;
    found.not_trusted = "certificate has expired";
    found.unavailable = {"TLS_RSA_WITH_RC4_128_SHA", "SSL 3.0"};
    found.chains = {{{{"CN=a",
                       "CN=b\x1b[31m",
                       {"a.test"},
                       "2020-01-01T00:00:00Z",
                       "2021-01-01T00:00:00Z",
                       "RSA 2048",
                       "sha256WithRSAEncryption"}},
                     {"the server's own: expired on 2021-01-01T00:00:00Z"}}};
    found.handshakes = 42;
    return found;
}

bool says(std::vector<Remark> const& remarks, Remark::Kind kind, std::string_view words) {
    for (auto const& one : remarks)
        if (one.kind == kind && one.sentence.find(words) != std::string::npos) return true;
    return false;
}

} // namespace

TEST_CASE("what is weak is named, then what is missing, then what this build cannot do") {
    auto const remarks = remarks_of(weak_server());
    using Kind = Remark::Kind;
    CHECK(says(remarks, Kind::weak, "expired on 2021-01-01"));
    CHECK(says(remarks, Kind::weak, "RC4, which RFC 7465 forbids: TLS_RSA_WITH_RC4_128_SHA"));
    CHECK(says(remarks, Kind::weak, "SWEET32): TLS_RSA_WITH_3DES_EDE_CBC_SHA"));
    CHECK(says(remarks, Kind::weak, "static RSA): TLS_RSA_WITH_AES_128_CBC_SHA"));
    CHECK(says(remarks, Kind::weak, "SSL 3.0"));
    CHECK(says(remarks, Kind::weak, "RFC 5746"));
    CHECK(says(remarks, Kind::weak, "less than 2048 bits"));
    CHECK(says(remarks, Kind::missing, "TLS 1.3"));
    CHECK(says(remarks, Kind::missing, "TLS_FALLBACK_SCSV"));
    CHECK(remarks.back() ==
          Remark{Kind::unavailable,
                 "the server takes it, this build of alert40 cannot: TLS_RSA_WITH_RC4_128_SHA, SSL 3.0"});
}

TEST_CASE("of a server that is as it should be, nothing is remarked") {
    Inventory found;
    found.versions = {{0x0304, {{0x1301}, {}}, {{0x11ec, 0x001d}, {}}, {}}, {0x0303, {{0xc02f}, {}}, {}, {}}};
    found.secure_renegotiation = found.extended_master_secret = found.fallback_scsv = true;
    found.compression = false;
    found.resumes_psk = found.downgrade_marked = true;
    CHECK(remarks_of(found).empty());
    CHECK(remarks_of({}).empty());
}

TEST_CASE("the text says it top down, within the terminal, and nothing in it acts on that") {
    auto const text = inventory_text(weak_server(), 72);
    auto const at = [&](std::string_view words) {
        auto const found = text.find(words);
        INFO(words);
        CHECK(found != text.npos);
        return found;
    };
    CHECK(at("42 handshakes") < at("SSL 3.0\n"));
    CHECK(at("RC4, which") < at("TLS 1.2, the server's order\n    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n"));
    CHECK(at("secure renegotiation") < at("CN=a: RSA 2048"));
    CHECK(text.find('\x1b') == text.npos);
    for (std::size_t begin = 0; begin < text.size();) {
        auto const end = text.find('\n', begin);
        CHECK(end - begin <= 72);
        begin = end + 1;
    }
}

TEST_CASE("a server that speaks nothing is told in one line") {
    Inventory found;
    found.refusal = "alert 40 handshake_failure";
    found.stopped = "enough";
    CHECK(inventory_text(found, 100) ==
          "\nWhat the server speaks (0 handshakes)\n"
          "  versions                none that was asked for (alert 40 handshake_failure)\n"
          "  not complete            enough\n");
}

TEST_CASE("the JSON has each field by its name") {
    auto const json = inventory_json(weak_server());
    auto const has = [&](std::string_view part) {
        INFO(json);
        CHECK(json.find(part) != json.npos);
    };
    has(R"({"version":"TLS 1.2","cipher_suites":["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",)");
    has(R"("cipher_suites_decides":"server","groups":["secp256r1"],"groups_decides":"unknown"})");
    has(R"("secure_renegotiation":false)");
    has(R"("dh_bits":1024)");
    has(R"("flaws":["the server's own: expired on 2021-01-01T00:00:00Z"])");
    CHECK(json.find("extended_master_secret\":") == json.npos); // not known
}
