#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "support/tls_pair.hpp"
#include "tls/ca/authority.hpp"
#include "tls/ca/certificate.hpp"
#include "tls/ca/leaf_cache.hpp"
#include "tls/ca/new_authority.hpp"
#include "tls/engine/certificate_summary.hpp"
#include "tls/engine/client_context.hpp"
#include "tls/engine/identity_state.hpp"
#include "tls/engine/lean_library.hpp"
#include "tls/engine/server_context.hpp"

#include <openssl/pem.h>

#include <cstdio>
#include <cstdlib>
#include <set>
#include <thread>

using namespace alert40;
using test::TlsPair;
using tls::ca::Authority;
using tls::engine::Connection;
using tls::engine::Progress;

namespace {

/// An authority, and clients that trust it and nothing else.
struct Scene {
    explicit Scene(std::vector<std::string> const& permitted = {}) {
        auto made = Authority::create({cert, key}, permitted);
        if (!made) throw std::runtime_error(made.error());
        authority = *made;
        tls::Profile profile;
        profile.verify.ca_file = cert;
        client = *tls::engine::ClientContext::make(profile);
    }

    /// A visit to `name`, which is shown the leaf for `host`.
    TlsPair visit(std::string const& name, std::string_view host) const {
        auto const leaf = authority->leaf_for(host);
        if (!leaf) throw std::runtime_error(leaf.error());
        tls::engine::ClientOptions options;
        options.target_name = name;
        TlsPair pair{Connection::make_client(client, options), Connection::make_server(server, {*leaf, {}})};
        pair.run();
        return pair;
    }

    tests::ScratchFolder folder;
    std::string cert = folder.path() / "ca.pem", key = folder.path() / "ca.key";
    std::shared_ptr<Authority const> authority;
    std::shared_ptr<tls::engine::ClientContext const> client;
    std::shared_ptr<tls::engine::ServerContext const> server = tls::engine::ServerContext::make();
};

} // namespace

TEST_CASE("a leaf is accepted for its name, and for no other") {
    Scene const scene;
    auto const name = GENERATE(as<std::string>{}, "api.example.com", "a_b.example.com",
                               "xn--bcher-kva.example", "127.0.0.1", "::1", "localhost",
                               std::string(60, 'a') + "." + std::string(60, 'b') + ".example");
    CAPTURE(name);
    auto const good = scene.visit(name, name);
    CHECK(good.client->advance() == Progress::established);
    CHECK(good.server->advance() == Progress::established);
    auto const& seen = good.client->handshake().certificates;
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].names == std::vector<std::string>{name});
    CHECK(seen[0].issuer == scene.authority->facts().subject);
    CHECK(seen[0].key == "EC P-256");
    CHECK(seen[1].subject == scene.authority->facts().subject);

    auto const bad = scene.visit("other.example", name);
    REQUIRE(bad.client->advance() == Progress::failed);
    CHECK(bad.client->failure().kind == tls::FailureKind::verify);
    REQUIRE(bad.server->advance() == Progress::failed);
    CHECK(bad.server->failure().by == tls::By::downstream);
    CHECK(bad.server->failure().phase == tls::Phase::certificate);
}

TEST_CASE("a leaf is kept by its name, however that is written") {
    Scene const scene;
    auto const leaf = *scene.authority->leaf_for("example.com");
    CHECK(*scene.authority->leaf_for("example.com") == leaf);
    CHECK(*scene.authority->leaf_for("EXAMPLE.com.") == leaf);
    CHECK(*scene.authority->leaf_for("www.example.com") != leaf);
    CHECK(*scene.authority->leaf_for("[::1]") == *scene.authority->leaf_for("::1"));
}

TEST_CASE("there is no leaf for what is no name") {
    Scene const scene;
    auto const name =
        GENERATE(as<std::string>{}, "", ".", "a..b", "*.example.com", "exa mple.com",
                 "b\xc3\xbc"
                 "cher.example",
                 std::string(64, 'a') + ".com", std::string(300, 'a'), "a\nb", "fe80::1%eth0", "a/b", "[]");
    auto const leaf = scene.authority->leaf_for(name);
    REQUIRE(leaf.has_error());
    CHECK_FALSE(leaf.error().empty());
    CHECK(leaf.error().find('\n') == std::string::npos);
}

namespace {

struct Mint {
    std::time_t born = std::time(nullptr);
    tls::ca::NewAuthority made = *tls::ca::make_authority({}, "test", born);
    tls::ca::Issuer issuer{tls::engine::certificate_from_pem(made.certificate),
                           tls::engine::key_from_pem(made.key)};
    tls::ca::LeafMint mint{issuer, tls::ca::make_key(tls::engine::lean_library())};

    auto leaf(std::string_view host, std::time_t now) const {
        return mint.mint(*tls::ca::parse_host_name(host), now);
    }
};

constexpr std::time_t day = 24 * 3600;

std::time_t end_of(tls::ca::Leaf const& leaf) {
    return *tls::engine::seconds_of(X509_get0_notAfter(leaf.identity->state().leaf.get()));
}

std::time_t start_of(tls::ca::Leaf const& leaf) {
    return *tls::engine::seconds_of(X509_get0_notBefore(leaf.identity->state().leaf.get()));
}

} // namespace

TEST_CASE("a leaf is valid from a day ago for a week, and never longer than its authority") {
    Mint const mint;
    auto const at = mint.born + 100 * day;
    auto const leaf = mint.leaf("a.test", at);
    REQUIRE(leaf.has_value());
    CHECK(start_of(*leaf) == at - day);
    CHECK(end_of(*leaf) == at + 7 * day);
    CHECK(leaf->renew_at == at + 6 * day);

    CHECK(start_of(*mint.leaf("a.test", mint.born)) == mint.born - day); // as early as the authority
    CHECK(start_of(*mint.leaf("a.test", mint.born - day / 2)) == mint.born - day);

    auto const end = mint.born + 3652 * day;
    auto const last = mint.leaf("a.test", end - 3 * day);
    REQUIRE(last.has_value());
    CHECK(end_of(*last) == end);
    CHECK(last->renew_at == end);

    auto const late = mint.leaf("a.test", end);
    REQUIRE(late.has_error());
    CHECK(late.error().starts_with("the authority's certificate expired on "));
    CHECK(mint.leaf("a.test", mint.born - 2 * day).has_error());
}

TEST_CASE("a leaf is made anew before it expires, and the one used longest ago makes room") {
    Mint const mint;
    tls::ca::LeafCache cache(2);
    auto const now = mint.born;
    CHECK_FALSE(cache.find("a.test", now));
    auto const a = cache.put("a.test", *mint.leaf("a.test", now), now);
    CHECK(cache.find("a.test", now + 6 * day - 1) == a);
    CHECK_FALSE(cache.find("a.test", now + 6 * day));

    auto const renewed = cache.put("a.test", *mint.leaf("a.test", now + 6 * day), now + 6 * day);
    CHECK(renewed != a);
    CHECK(cache.find("a.test", now + 6 * day) == renewed);
    CHECK(cache.put("a.test", *mint.leaf("a.test", now), now) == renewed); // a slower thread's is dropped

    cache.put("b.test", *mint.leaf("b.test", now), now);
    CHECK(cache.find("a.test", now));
    cache.put("c.test", *mint.leaf("c.test", now), now);
    CHECK(cache.size() == 2);
    CHECK(cache.find("a.test", now));
    CHECK_FALSE(cache.find("b.test", now));
    CHECK(cache.find("c.test", now));
}

TEST_CASE("leaves differ in their serial numbers and share a key") {
    Mint const mint;
    std::set<std::string> serials;
    for (int i = 0; i < 50; ++i) {
        auto const leaf = mint.leaf("a.test", mint.born);
        auto const* const serial = X509_get0_serialNumber(leaf->identity->state().leaf.get());
        CHECK(ASN1_STRING_length(serial) >= 16);
        CHECK(ASN1_STRING_length(serial) <= 20); // RFC 5280 section 4.1.2.2
        CHECK(ASN1_STRING_type(serial) == V_ASN1_INTEGER);
        serials.emplace(reinterpret_cast<char const*>(ASN1_STRING_get0_data(serial)),
                        static_cast<std::size_t>(ASN1_STRING_length(serial)));
        CHECK(EVP_PKEY_eq(leaf->identity->state().key.get(),
                          mint.leaf("b.test", mint.born)->identity->state().key.get()) == 1);
    }
    CHECK(serials.size() == 50);
}

TEST_CASE("an authority of another maker will do") {
    auto const key = GENERATE(as<std::string>{}, "EC", "RSA");
    CAPTURE(key);
    tests::ScratchFolder const folder;
    auto const cert_file = (folder.path() / "own.pem").string(),
               key_file = (folder.path() / "own.key").string();
    auto const algorithm = key == "EC" ? "ec -pkeyopt ec_paramgen_curve:P-384" : "rsa:2048";
    auto const command = "openssl req -x509 -newkey " + std::string(algorithm) +
                         " -nodes -days 30 -subj '/O=Ex, Inc/CN=Own' -keyout " + key_file + " -out " +
                         cert_file + " 2>/dev/null && chmod 600 " + key_file;
    REQUIRE(std::system(command.c_str()) == 0);
    auto const authority = Authority::load({cert_file, key_file});
    REQUIRE(authority);
    tls::Profile profile;
    profile.verify.ca_file = cert_file;
    tls::engine::ClientOptions options;
    options.target_name = "a.test";
    TlsPair pair{
        Connection::make_client(*tls::engine::ClientContext::make(profile), options),
        Connection::make_server(tls::engine::ServerContext::make(), {*(*authority)->leaf_for("a.test"), {}})};
    pair.run();
    CHECK(pair.client->advance() == Progress::established);
}

TEST_CASE("other libraries accept the chain") {
    Scene const scene;
    auto const host = GENERATE(as<std::string>{}, "api.example.com", "127.0.0.1",
                               std::string(60, 'a') + "." + std::string(60, 'b') + ".example");
    auto const leaf = *scene.authority->leaf_for(host);
    auto const leaf_file = (scene.folder.path() / "leaf.pem").string();
    auto* const out = std::fopen(leaf_file.c_str(), "w");
    REQUIRE(out != nullptr);
    PEM_write_X509(out, leaf->state().leaf.get());
    std::fclose(out);
    auto const passes = [](std::string const& command) {
        return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
    };
    auto const name = host == "127.0.0.1" ? " -verify_ip " : " -verify_hostname ";

    CHECK(passes("openssl verify -x509_strict -purpose sslserver" + (name + host) + " -CAfile " + scene.cert +
                 " " + leaf_file));
    CHECK_FALSE(passes("openssl verify -x509_strict -verify_hostname other.example -CAfile " + scene.cert +
                       " " + leaf_file));
    if (passes("certtool --version")) {
        auto const gnutls = "certtool --verify --verify-purpose 1.3.6.1.5.5.7.3.1 --verify-hostname ";
        CHECK(passes(gnutls + host + " --load-ca-certificate " + scene.cert + " --infile " + leaf_file));
        CHECK_FALSE(passes(gnutls + std::string("other.example --load-ca-certificate ") + scene.cert +
                           " --infile " + leaf_file));
    }
}

TEST_CASE("threads that ask for one name at once are shown one leaf") {
    Scene const scene;
    std::vector<std::shared_ptr<tls::engine::Identity const>> leaves(8);
    std::vector<std::thread> threads;
    for (auto& leaf : leaves)
        threads.emplace_back([&] {
            for (int i = 0; i < 20; ++i)
                (void)scene.authority->leaf_for("host" + std::to_string(i) + ".test");
            leaf = *scene.authority->leaf_for("one.test");
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(std::set(leaves.begin(), leaves.end()).size() == 1);
}
