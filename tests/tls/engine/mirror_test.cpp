// What an app offered, offered again by OpenSSL. The files are the hellos of real clients.
#include "support/bytes.hpp"
#include "support/catch.hpp"
#include "support/client_hello_builder.hpp"
#include "tls/engine/conversation.hpp"
#include "tls/engine/mirror.hpp"
#include "tls/wire/describe.hpp"

#include <algorithm>

using namespace alert40;
using namespace alert40::test;
using tests::ClientHelloBuilder;
using tls::Profile;
using tls::ProtocolVersion;
using tls::engine::Mirrored;
using tls::engine::Progress;
using Names = std::vector<std::string>;

namespace {

Bytes body_of(std::string const& name) {
    auto const flight = tests::read_file("golden/tls/client_hello/" + name + ".bin");
    return {flight.begin() + 9, flight.end()};
}

tls::Offered offered_in(Bytes const& body) {
    return tls::wire::describe(*tls::wire::parse_client_hello(body), 0);
}

/// What a client of this profile offers; nobody answers.
tls::Offered offered_by(Profile const& profile) {
    auto const client = tls::engine::Connection::make_client(make_context(profile), for_origin());
    client->advance();
    return client->handshake().offered.value();
}

Profile base_of_level(int level) {
    auto profile = trusting_profile();
    profile.security_level = level;
    return profile;
}

bool misses(Mirrored const& mirrored, std::string const& line) {
    return std::ranges::find(mirrored.missing, line) != mirrored.missing.end();
}

/// The names of one kind: "groups x448, ffdhe2048".
Names missing_of(Mirrored const& mirrored, std::string const& kind) {
    Names names;
    for (auto line : mirrored.missing) {
        if (!line.starts_with(kind + ' ') && !line.starts_with(kind + "s ")) continue;
        line.erase(0, line.find(' ', kind.size()) + 1);
        for (std::size_t end = 0; end != std::string::npos; line.erase(0, end + 2)) {
            end = line.find(", ");
            names.push_back(line.substr(0, end));
            if (end == std::string::npos) break;
        }
    }
    return names;
}

/// Theirs are ours and what is missing, in this order unless that is missing, too.
void check_list(Mirrored const& mirrored, std::string const& kind, Names ours, Names theirs) {
    CAPTURE(kind);
    auto const is_no_offer = [](std::string const& name) {
        return name == "GREASE" || name.ends_with("_SCSV");
    };
    std::erase_if(ours, is_no_offer);
    std::erase_if(theirs, is_no_offer);
    for (auto const& name : missing_of(mirrored, kind)) {
        CHECK(std::ranges::find(ours, name) == ours.end());
        CHECK(std::erase(theirs, name) == 1);
    }
    if (misses(mirrored, "the order of " + kind + 's'))
        CHECK_THAT(ours, Catch::UnorderedEquals(theirs));
    else
        CHECK(ours == theirs);
}

void check_like(Mirrored const& mirrored, tls::Offered const& theirs) {
    auto const ours = offered_by(mirrored.profile);
    check_list(mirrored, "version", ours.versions, theirs.versions);
    check_list(mirrored, "suite", ours.cipher_suites, theirs.cipher_suites);
    check_list(mirrored, "group", ours.groups, theirs.groups);
    check_list(mirrored, "signature algorithm", ours.signature_algorithms, theirs.signature_algorithms);
    check_list(mirrored, "protocol", ours.alpn, theirs.alpn);
}

/// A hello that OpenSSL can make, to be spoilt in one way.
ClientHelloBuilder plain() {
    ClientHelloBuilder hello;
    hello.suites({0x1301, 0xc02f}).server_name("origin.test");
    return hello;
}

Mirrored mirror(ClientHelloBuilder const& hello, int level = 2) {
    return tls::engine::mirror(hello.body(), base_of_level(level));
}

} // namespace

TEST_CASE("the hellos of real clients are offered again, but for what is said to be missing") {
    auto const* const name = GENERATE("curl", "git", "gnutls", "gnutls_tls12", "java", "node", "node_fetch",
                                      "nss", "openssl", "openssl_tls12", "python", "python_urllib", "wget");
    auto const level = GENERATE(2, 0);
    CAPTURE(name, level);
    auto const mirrored = tls::engine::mirror(body_of(name), base_of_level(level));
    CAPTURE(mirrored.missing);
    CHECK(mirrored.profile.name == "mirror");
    CHECK(mirrored.profile.security_level == level);
    CHECK(mirrored.profile.verify == trusting_profile().verify);
    check_like(mirrored, offered_in(body_of(name)));
}

TEST_CASE("what is missing of a client that is OpenSSL itself") {
    auto const mirrored = tls::engine::mirror(body_of("node_fetch"), base_of_level(2));
    CHECK(mirrored.profile.alpn == Names{"http/1.1"});
    CHECK(mirrored.profile.tickets);
    CHECK(missing_of(mirrored, "group").empty());
    CHECK(missing_of(mirrored, "extension").empty());
    CHECK_FALSE(misses(mirrored, "the order of extensions"));
    CHECK(tls::engine::mirror(body_of("curl"), base_of_level(2)).missing.front() == "versions 1.1, 1.0");
}

TEST_CASE("a mirrored hello leads to a handshake") {
    auto const* const name = GENERATE("curl", "gnutls", "java", "node", "nss", "python");
    TlsServer const server(world().origin);
    Conversation talk(make_context(tls::engine::mirror(body_of(name), base_of_level(2)).profile), server);
    talk.run();
    CHECK(talk.progress() == Progress::established);
}

TEST_CASE("what a browser has and OpenSSL has not is named; GREASE is not missed") {
    auto const mirrored = mirror(plain()
                                     .extension(0x3a3a)
                                     .versions({0x3a3a, 0x0304, 0x0303})
                                     .groups({0x3a3a, 0xfe30, 29, 29, 23})
                                     .signature_algorithms({0x0403, 0x0804, 0xfe01})
                                     .alpn({"\x0a\x0a", "h2"})
                                     .key_shares({0x3a3a, 0xfe30, 29})
                                     .extension(27, tests::hex("020002"))
                                     .extension(17613, tests::hex("0003026832")));
    CHECK(mirrored.profile.groups == Names{"x25519", "secp256r1"});
    CHECK(mirrored.profile.alpn == Names{"h2"});
    CHECK(mirrored.missing == Names{"group 0xfe30", "signature algorithm 0xfe01", "key share 0xfe30",
                                    "extensions compress_certificate, application_settings",
                                    "the order of extensions"});
}

TEST_CASE("what the app left out is left out") {
    ClientHelloBuilder hello;
    hello.suites({0x1301, 0xc02f}).groups({29}).versions({0x0304, 0x0303});
    auto const mirrored = mirror(hello);
    CHECK(mirrored.profile.alpn.empty());
    CHECK_FALSE(mirrored.profile.tickets);
    CHECK(mirrored.profile.server_name.mode == tls::ServerName::Mode::none);
    CHECK(mirror(plain()).profile.server_name.mode == tls::ServerName::Mode::automatic);
    auto const ours = offered_by(mirrored.profile);
    CHECK(ours.server_name == "");
    CHECK(ours.alpn.empty());
}

TEST_CASE("the order of suites is the library's where TLS 1.3 comes last, as in Go") {
    ClientHelloBuilder go;
    go.suites({0xc02b, 0xc02f, 0x1301, 0x1302}).versions({0x0304, 0x0303});
    CHECK(misses(mirror(go), "the order of suites"));
}

TEST_CASE("versions are a range without holes, within the security level") {
    auto const range = [](ClientHelloBuilder::Numbers versions, int level) {
        ClientHelloBuilder hello;
        hello.suites({0x1301, 0xc02f, 0xc013}).versions(versions);
        auto const mirrored = mirror(hello, level);
        return std::pair{mirrored.profile.min_version, mirrored.profile.max_version};
    };
    using enum ProtocolVersion;
    CHECK(range({0x0304, 0x0303}, 2) == std::pair{tls1_2, tls1_3});
    CHECK(range({0x0304}, 2) == std::pair{tls1_3, tls1_3});
    CHECK(range({0x0303}, 2) == std::pair{tls1_2, tls1_2});
    CHECK(range({0x0304, 0x0303, 0x0302, 0x0301}, 2) == std::pair{tls1_2, tls1_3});
    CHECK(range({0x0304, 0x0303, 0x0302, 0x0301}, 0) == std::pair{tls1_0, tls1_3});
    CHECK(range({0x0304, 0x0302}, 0) == std::pair{tls1_3, tls1_3});
    CHECK(mirror(plain()).profile.max_version == tls1_2); // no supported_versions
}

TEST_CASE("a version without a suite is none") {
    ClientHelloBuilder no_tls13;
    no_tls13.suites({0xc02f}).versions({0x0304, 0x0303});
    CHECK(mirror(no_tls13).profile.max_version == ProtocolVersion::tls1_2);
    ClientHelloBuilder no_tls12;
    no_tls12.suites({0x1301}).versions({0x0304, 0x0303});
    auto const mirrored = mirror(no_tls12);
    CHECK(mirrored.profile.min_version == ProtocolVersion::tls1_3);
    CHECK(misses(mirrored, "version 1.2"));
}

TEST_CASE("a hello of which nothing is possible gives the base, and says so") {
    auto const base = base_of_level(2);
    ClientHelloBuilder unknown, old;
    unknown.suites({0x3a3a, 0xfefe}).versions({0x0304, 0x0303});
    old.suites({0xc013}).legacy_version(0x0301);
    for (auto const& body : {unknown.body(), old.body(), Bytes{}, Bytes(20, 3)}) {
        auto const mirrored = tls::engine::mirror(body, base);
        CHECK(mirrored.profile == base);
        REQUIRE(mirrored.missing.size() == 1);
        CHECK(mirrored.missing.front().starts_with("the hello"));
    }
    CHECK(mirror(old, 0).profile.max_version == ProtocolVersion::tls1_0);
}
