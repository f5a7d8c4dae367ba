// What an app sends to a server of ours, before any of it is known to be TLS: the first byte says where the
// rest is cut in two. However it is cut, the outcome is the same; the hello that is kept is how the input
// begins.
#include "fuzz/demand.hpp"
#include "tls/ca/certificate.hpp"
#include "tls/ca/issuer.hpp"
#include "tls/ca/leaf_mint.hpp"
#include "tls/ca/new_authority.hpp"
#include "tls/engine/connection.hpp"
#include "tls/engine/identity_state.hpp"
#include "tls/engine/lean_library.hpp"
#include "tls/engine/server_context.hpp"

#include <algorithm>
#include <ctime>
#include <initializer_list>
#include <span>

using namespace alert40;
using alert40::fuzz::demand;
using tls::engine::Connection;
using tls::engine::Progress;
using Bytes = std::span<std::uint8_t const>;

namespace {

struct Stage {
    std::shared_ptr<tls::engine::ServerContext const> context = tls::engine::ServerContext::make();
    std::shared_ptr<tls::engine::Identity const> identity;

    Stage() {
        auto const now = std::time(nullptr);
        auto const made = *tls::ca::make_authority({}, "fuzz", now);
        tls::ca::Issuer const issuer(tls::engine::certificate_from_pem(made.certificate),
                                     tls::engine::key_from_pem(made.key));
        tls::ca::LeafMint const mint(issuer, tls::ca::make_key(tls::engine::lean_library()));
        identity = mint.mint(*tls::ca::parse_host_name("fuzz.test"), now)->identity;
    }
};

/// A server that was fed these pieces, one after the other.
std::unique_ptr<Connection> served(std::initializer_list<Bytes> pieces) {
    static Stage const stage;
    auto server = Connection::make_server(stage.context, {stage.identity, {"h2", "http/1.1"}});
    for (auto const piece : pieces) {
        server->feed(piece);
        server->advance();
        server->keep_input();
    }
    return server;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    Bytes const input(data + 1, size - 1);
    auto const cut = input.size() * data[0] / 255;
    auto const whole = served({input});
    auto const in_two = served({input.first(cut), input.subspan(cut)});

    auto const kept = whole->hello_bytes();
    demand(kept.size() <= input.size() && std::ranges::equal(kept, input.first(kept.size())));
    demand(std::ranges::equal(kept, in_two->hello_bytes()));
    demand(whole->handshake().offered == in_two->handshake().offered);
    demand(whole->advance() == in_two->advance());
    if (whole->advance() == Progress::failed) {
        auto const &one = whole->failure(), &other = in_two->failure();
        demand(one.by == other.by && one.kind == other.kind && one.alert == other.alert);
        demand(!one.detail.empty());
    }
    return 0;
}
