// What an intercepted app costs, in memory and in this thread's CPU time: a leaf minted, a leaf found again,
// and the server's share of a new and of a resumed handshake.
//
//     server_bench [how many of each, 1000]

#include "support/scratch_folder.hpp"
#include "support/tls_pair.hpp"
#include "tls/ca/authority.hpp"
#include "tls/engine/client_context.hpp"
#include "tls/engine/server_context.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <vector>

#include <malloc.h>

using namespace alert40;
using test::TlsPair;
using tls::engine::Connection;
using tls::engine::Progress;

namespace {

double cpu_us() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

template <class Work>
double timed(Work const& work) {
    auto const start = cpu_us();
    work();
    return cpu_us() - start;
}

double median(std::vector<double> values) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

struct Scene {
    tests::ScratchFolder folder;
    std::shared_ptr<tls::ca::Authority const> authority =
        *tls::ca::Authority::create({folder.path() / "ca.pem", folder.path() / "ca.key"});
    std::shared_ptr<tls::engine::ServerContext const> server = tls::engine::ServerContext::make();
    std::shared_ptr<tls::engine::ClientContext const> client;

    Scene() {
        auto profile = *tls::built_in_profile("modern");
        profile.verify.ca_file = folder.path() / "ca.pem";
        client = *tls::engine::ClientContext::make(profile);
    }

    /// The server's share, in microseconds; the pair is left established.
    double visit(TlsPair& pair, std::string const& session_key) const {
        tls::engine::ClientOptions options;
        options.target_name = "origin.test";
        options.session_key = session_key;
        pair.client = Connection::make_client(client, options);
        auto spent = timed([&] {
            pair.server =
                Connection::make_server(server, {*authority->leaf_for("origin.test"), {"h2", "http/1.1"}});
        });
        pair.client->advance();
        while (pair.server->advance() != Progress::established) {
            std::vector<std::uint8_t> const bytes(pair.client->output().data().begin(),
                                                  pair.client->output().data().end());
            if (bytes.empty()) throw std::runtime_error("the handshake stands still");
            pair.client->output().clear();
            spent += timed([&] {
                pair.server->feed(bytes);
                pair.server->advance();
                pair.server->keep_input();
            });
            pair.client->feed(pair.server->output().data());
            pair.client->advance();
            pair.client->keep_input();
            pair.server->output().clear();
        }
        pair.read_all(*pair.client); // tickets
        return spent;
    }
};

} // namespace

int main(int argc, char** argv) {
    auto const count = static_cast<std::size_t>(argc > 1 ? std::max(1, std::atoi(argv[1])) : 1000);
    Scene const scene;
    std::vector<double> cold, cached, fresh, resumed;
    for (std::size_t i = 0; i < count; ++i) {
        auto const host = "host" + std::to_string(i) + ".example.com";
        cold.push_back(timed([&] { (void)scene.authority->leaf_for(host); }));
        cached.push_back(timed([&] { (void)scene.authority->leaf_for(host); }));
        TlsPair pair;
        fresh.push_back(scene.visit(pair, ""));
        if (pair.server->handshake().negotiated->resumed) throw std::runtime_error("it was to be new");
        scene.visit(pair, "key");
        resumed.push_back(scene.visit(pair, "key"));
        if (!pair.server->handshake().negotiated->resumed) throw std::runtime_error("it was to be resumed");
    }
    std::printf("a leaf: minted %.1f us, found again %.2f us\n", median(cold), median(cached));
    std::printf("the server's share of a handshake: new %.0f us, resumed %.0f us\n", median(fresh),
                median(resumed));

    std::vector<TlsPair> idle(count);
    for (auto& pair : idle) {
        scene.visit(pair, "");
        pair.client.reset();
    }
    auto const before = mallinfo2().uordblks;
    for (auto& pair : idle)
        pair.server->forget_handshake();
    auto const forgotten = mallinfo2().uordblks;
    idle.clear();
    auto const after = mallinfo2().uordblks;
    std::printf("memory of an established one: %zu bytes, and %zu until its handshake is forgotten\n",
                (forgotten - after) / count, (before - forgotten) / count);
}
