#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "support/tls_pair.hpp"
#include "tls/ca/authority.hpp"
#include "tls/engine/client_context.hpp"
#include "tls/engine/server_context.hpp"

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
