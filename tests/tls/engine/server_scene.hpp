#pragma once

#include "support/tls_client.hpp"
#include "support/tls_pair.hpp"
#include "tls/engine/conversation.hpp"
#include "tls/engine/identity.hpp"
#include "tls/engine/server_context.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

/// What the tests of a server of ours share.
namespace alert40::test {

using tls::ProtocolVersion;
using tls::engine::Connection;
using tls::engine::ServerContext;

/// The certificate with its issuer behind it, as a server shows them.
inline std::shared_ptr<tls::engine::Identity const> shown(test::Identity const& identity) {
    auto chain = identity.certificate_pem();
    if (identity.issuer) chain += test::Identity{identity.issuer, {}, {}}.certificate_pem();
    auto made = tls::engine::Identity::from_pem(chain, identity.key_pem());
    if (!made) throw std::runtime_error(made.error());
    return *made;
}

/// Of the world.
inline std::shared_ptr<tls::engine::Identity const> const& origin() {
    static auto const made = shown(world().origin);
    return made;
}

/// Speaks this version alone.
inline tls::Profile profile_of(ProtocolVersion version) {
    auto profile = trusting_profile();
    profile.min_version = profile.max_version = version;
    profile.alpn = {"h2", "http/1.1"};
    if (version < ProtocolVersion::tls1_2) profile.security_level = 0, profile.ciphers = "ALL";
    return profile;
}

inline std::unique_ptr<Connection>
server_with(std::vector<std::string> alpn = {"h2", "http/1.1"},
            std::shared_ptr<ServerContext const> context = ServerContext::make()) {
    return Connection::make_server(std::move(context), {origin(), std::move(alpn)});
}

inline TlsPair pair_of(tls::Profile profile, std::unique_ptr<Connection> server = server_with()) {
    return {Connection::make_client(make_context(std::move(profile)), for_origin()), std::move(server)};
}

struct VersionRow {
    ProtocolVersion version;
    std::string name;
};

inline std::vector<VersionRow> const& versions() {
    static std::vector<VersionRow> const all{{ProtocolVersion::tls1_0, "1.0"},
                                             {ProtocolVersion::tls1_1, "1.1"},
                                             {ProtocolVersion::tls1_2, "1.2"},
                                             {ProtocolVersion::tls1_3, "1.3"}};
    return all;
}

inline void hand_over(Connection& server, Bytes const& bytes) {
    server.feed(bytes);
    server.keep_input();
}

/// Until both are silent.
inline void talk(TlsClient& client, Connection& server) {
    auto to_server = client.step();
    while (!to_server.empty()) {
        server.feed(to_server);
        server.advance();
        server.keep_input();
        Bytes const answer(server.output().data().begin(), server.output().data().end());
        server.output().clear();
        to_server = client.step(answer);
    }
}

} // namespace alert40::test
