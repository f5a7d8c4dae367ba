#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "support/tls_pair.hpp"
#include "tls/ca/authority.hpp"
#include "tls/engine/certificate_summary.hpp"
#include "tls/engine/client_context.hpp"
#include "tls/engine/identity_state.hpp"
#include "tls/engine/server_context.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <set>
#include <thread>
#include <vector>

using namespace alert40;
using test::TlsPair;
using tls::AlertDescription;
using tls::Flaw;
using tls::ca::Authority;
using tls::engine::Connection;
using tls::engine::Progress;

namespace {

using Leaf = std::shared_ptr<tls::engine::Identity const>;

struct Scene {
    explicit Scene(std::vector<std::string> const& permitted = {}) {
        auto made = Authority::create({cert, key}, permitted);
        if (!made) throw std::runtime_error(made.error());
        authority = *made;
    }

    Leaf flawed(std::string_view host, Flaw flaw) const {
        auto leaf = authority->flawed_leaf_for(host, flaw);
        if (!leaf) throw std::runtime_error(leaf.error());
        return *leaf;
    }

    /// A visit by a client of ours that trusts the authority, and to which `leaf` is shown.
    TlsPair visit(Leaf const& leaf, tls::Profile profile = {}) const {
        profile.verify.ca_file = cert;
        tls::engine::ClientOptions options;
        options.target_name = "api.example.com";
        TlsPair pair{Connection::make_client(*tls::engine::ClientContext::make(profile), options),
                     Connection::make_server(tls::engine::ServerContext::make(), {leaf, {}})};
        pair.run();
        return pair;
    }

    tests::ScratchFolder folder;
    std::string cert = folder.path() / "ca.pem", key = folder.path() / "ca.key";
    std::shared_ptr<Authority const> authority;
};

int go_on_after(int good, X509_STORE_CTX* context) {
    auto* const errors = static_cast<std::set<int>*>(X509_STORE_CTX_get_app_data(context));
    if (!good) errors->insert(X509_STORE_CTX_get_error(context));
    return 1;
}

/// Everything that OpenSSL has against the chain, at a client's usual security level.
std::set<int> errors_of(Leaf const& leaf, std::string const& ca_file, char const* host) {
    std::set<int> errors;
    tls::engine::StorePtr const store(X509_STORE_new());
    X509_STORE_load_file(store.get(), ca_file.c_str());
    std::unique_ptr<X509_STORE_CTX, tls::engine::Freed<X509_STORE_CTX_free>> const context(
        X509_STORE_CTX_new());
    auto const& shown = leaf->state();
    X509_STORE_CTX_init(context.get(), store.get(), shown.leaf.get(), shown.issuers.get());
    X509_STORE_CTX_set_default(context.get(), "ssl_server");
    auto* const how = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set1_host(how, host, 0);
    X509_VERIFY_PARAM_set_auth_level(how, 2);
    X509_STORE_CTX_set_app_data(context.get(), &errors);
    X509_STORE_CTX_set_verify_cb(context.get(), go_on_after);
    X509_verify_cert(context.get());
    return errors;
}

struct Row {
    Flaw flaw;
    std::set<int> errors; ///< all of them
    AlertDescription alert;
    std::string said; ///< by a client of ours
};

Row any_flaw() {
    using enum Flaw;
    return GENERATE(
        Row{expired,
            {X509_V_ERR_CERT_HAS_EXPIRED},
            AlertDescription::certificate_expired,
            "certificate has expired"},
        Row{not_yet_valid,
            {X509_V_ERR_CERT_NOT_YET_VALID},
            AlertDescription::bad_certificate,
            "certificate is not yet valid"},
        Row{wrong_host,
            {X509_V_ERR_HOSTNAME_MISMATCH},
            AlertDescription::bad_certificate,
            "the certificate is not for api.example.com; it is for wrong.host.invalid"},
        Row{self_signed,
            {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
            AlertDescription::unknown_ca,
            "self-signed certificate"},
        Row{unknown_issuer,
            {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN},
            AlertDescription::unknown_ca,
            "self-signed certificate in certificate chain"},
        Row{missing_intermediate,
            {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE},
            AlertDescription::unknown_ca,
            "unable to get local issuer certificate"},
        Row{sha1_signature,
            {X509_V_ERR_CA_MD_TOO_WEAK},
            AlertDescription::bad_certificate,
            "CA signature digest algorithm too weak"},
        Row{rsa_1024,
            {X509_V_ERR_EE_KEY_TOO_SMALL},
            AlertDescription::bad_certificate,
            "EE certificate key too weak"},
        Row{long_chain,
            {X509_V_ERR_PATH_LENGTH_EXCEEDED},
            AlertDescription::unknown_ca,
            "path length constraint exceeded"});
}

} // namespace

TEST_CASE("a flawed leaf has one flaw, and a client refuses it for that") {
    Scene const scene;
    auto const row = any_flaw();
    CAPTURE(name_of(row.flaw));
    auto const leaf = scene.flawed("api.example.com", row.flaw);
    CHECK(errors_of(leaf, scene.cert, "api.example.com") == row.errors);

    auto const version = GENERATE(tls::ProtocolVersion::tls1_2, tls::ProtocolVersion::tls1_3);
    tls::Profile profile;
    profile.min_version = profile.max_version = version;
    auto const pair = scene.visit(leaf, profile);
    REQUIRE(pair.client->advance() == Progress::failed);
    CHECK(pair.client->failure().kind == tls::FailureKind::verify);
    CHECK_THAT(pair.client->failure().detail, Catch::Contains(row.said, Catch::CaseSensitive::No));
    REQUIRE(pair.server->advance() == Progress::failed);
    CHECK(pair.server->failure().by == tls::By::downstream);
    CHECK(pair.server->failure().phase == tls::Phase::certificate);
    CHECK(pair.server->failure().alert->description == row.alert);
}

TEST_CASE("a leaf without a flaw has no errors") {
    Scene const scene;
    CHECK(errors_of(*scene.authority->leaf_for("api.example.com"), scene.cert, "api.example.com").empty());
    auto const rsa = *scene.authority->rsa_leaf_for("api.example.com");
    CHECK(errors_of(rsa, scene.cert, "api.example.com").empty());
    auto const pair = scene.visit(rsa);
    REQUIRE(pair.client->advance() == Progress::established);
    CHECK(pair.client->handshake().certificates[0].key == "RSA 2048");
    CHECK(*scene.authority->rsa_leaf_for("API.example.com") == rsa);
    CHECK((X509_get_key_usage(rsa->state().leaf.get()) == (KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT)));
}

TEST_CASE("flaws of strength alone are taken by a client that is not strict") {
    Scene const scene;
    auto const flaw = GENERATE(Flaw::sha1_signature, Flaw::rsa_1024);
    tls::Profile profile;
    profile.security_level = 0;
    CHECK(scene.visit(scene.flawed("api.example.com", flaw), profile).client->advance() ==
          Progress::established);
}

TEST_CASE("an expired leaf ended yesterday, one to come begins tomorrow") {
    constexpr std::time_t day = 24 * 3600;
    Scene const scene;
    auto const before = std::time(nullptr);
    auto const* const past = scene.flawed("a.test", Flaw::expired)->state().leaf.get();
    auto const* const future = scene.flawed("a.test", Flaw::not_yet_valid)->state().leaf.get();
    auto const after = std::time(nullptr);
    auto const ended = *tls::engine::seconds_of(X509_get0_notAfter(past)) + day;
    auto const begins = *tls::engine::seconds_of(X509_get0_notBefore(future)) - day;
    CHECK((ended >= before && ended <= after));
    CHECK((begins >= before && begins <= after));
}

TEST_CASE("a flawed leaf is kept by host and flaw") {
    Scene const scene;
    auto const leaf = scene.flawed("a.test", Flaw::expired);
    CHECK(scene.flawed("A.test.", Flaw::expired) == leaf);
    CHECK(scene.flawed("a.test", Flaw::self_signed) != leaf);
    CHECK(scene.flawed("b.test", Flaw::expired) != leaf);
    CHECK(*scene.authority->leaf_for("a.test") != leaf);
}

TEST_CASE("threads that ask for one flaw, or for RSA, at once are shown one leaf") {
    Scene const scene;
    std::vector<Leaf> flawed(6), rsa(6);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < flawed.size(); ++i)
        threads.emplace_back([&, i] {
            flawed[i] = scene.flawed("a.test", Flaw::rsa_1024);
            rsa[i] = *scene.authority->rsa_leaf_for("a.test");
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(std::set(flawed.begin(), flawed.end()).size() == 1);
    CHECK(std::set(rsa.begin(), rsa.end()).size() == 1);
}

TEST_CASE("the wrong host is never the right one, and one that the authority may name") {
    auto const names_for = [](Scene const& scene, std::string_view host) {
        return tls::engine::names_in(scene.flawed(host, Flaw::wrong_host)->state().leaf.get());
    };
    Scene const scene, limited({"example.com"});
    CHECK(names_for(scene, "a.test") == std::vector<std::string>{"wrong.host.invalid"});
    CHECK(names_for(scene, "127.0.0.1") == std::vector<std::string>{"wrong.host.invalid"});
    CHECK(names_for(scene, "wrong.host.invalid") == std::vector<std::string>{"wrong.wrong.host.invalid"});
    CHECK(names_for(limited, "a.example.com") == std::vector<std::string>{"wrong.a.example.com"});
    CHECK(errors_of(limited.flawed("a.example.com", Flaw::wrong_host), limited.cert, "a.example.com") ==
          std::set<int>{X509_V_ERR_HOSTNAME_MISMATCH});
}

TEST_CASE("there is no flawed leaf where there is no good one") {
    Scene const scene({"example.com", "10.0.0.1"});
    auto const flaw = GENERATE(Flaw::wrong_host, Flaw::self_signed, Flaw::unknown_issuer);
    CHECK(scene.authority->flawed_leaf_for("a.test", flaw).error() ==
          "\"a.test\" is outside of what the authority is limited to");
    CHECK(scene.authority->flawed_leaf_for("a..b", flaw).has_error());

    Scene const one_address({"10.0.0.1"});
    CHECK(one_address.authority->flawed_leaf_for("10.0.0.1", Flaw::expired));
    CHECK(one_address.authority->flawed_leaf_for("10.0.0.1", Flaw::wrong_host).error() ==
          "the authority may name no other host than \"10.0.0.1\"");
}

TEST_CASE("an authority with an RSA key and no limit to its path makes the same flaws") {
    tests::ScratchFolder const folder;
    auto const cert = (folder.path() / "own.pem").string(), key = (folder.path() / "own.key").string();
    auto const command = "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=Own -keyout " + key +
                         " -out " + cert + " 2>/dev/null && chmod 600 " + key;
    REQUIRE(std::system(command.c_str()) == 0);
    auto const authority = Authority::load({cert, key});
    REQUIRE(authority);
    auto const row = any_flaw();
    CAPTURE(name_of(row.flaw));
    auto const leaf = (*authority)->flawed_leaf_for("api.example.com", row.flaw);
    REQUIRE(leaf);
    CHECK(errors_of(*leaf, cert, "api.example.com") == row.errors);
}

TEST_CASE("GnuTLS refuses the same leaves, and takes the others") {
    if (std::system("certtool --version >/dev/null 2>&1") != 0) return;
    Scene const scene;
    auto const passes = [&](Leaf const& leaf) {
        auto const file = (scene.folder.path() / "chain.pem").string();
        auto* const out = std::fopen(file.c_str(), "w");
        REQUIRE(out != nullptr);
        PEM_write_X509(out, leaf->state().leaf.get());
        for (int i = 0; i < sk_X509_num(leaf->state().issuers.get()); ++i)
            PEM_write_X509(out, sk_X509_value(leaf->state().issuers.get(), i));
        std::fclose(out);
        auto const command = "certtool --verify --verify-profile medium --verify-hostname api.example.com "
                             "--load-ca-certificate " +
                             scene.cert + " --infile " + file + " >/dev/null 2>&1";
        return std::system(command.c_str()) == 0;
    };
    CHECK(passes(*scene.authority->leaf_for("api.example.com")));
    CHECK(passes(*scene.authority->rsa_leaf_for("api.example.com")));
    auto const row = any_flaw();
    CAPTURE(name_of(row.flaw));
    CHECK_FALSE(passes(scene.flawed("api.example.com", row.flaw)));
}
