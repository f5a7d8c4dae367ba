#include "proxy/worker.hpp"

#include "record/memory_sink.hpp"
#include "support/catch.hpp"
#include "support/client_socket.hpp"
#include "support/scripted_peer.hpp"

#include <string>

using namespace alert40;

namespace {

struct Scene {
    Scene() {
        auto policy = policy::built_in_policy();
        policy::Rule direct;
        direct.via = policy::Via{
            .kind = policy::Via::Kind::direct, .host = {}, .port = 0, .username = {}, .password = {}};
        policy.rules = {direct};
        auto rulebook = std::make_shared<policy::Rulebook const>(std::move(policy), policy::Clock::now());
        auto snapshot = *proxy::Snapshot::make(std::move(rulebook), {}, nullptr);
        worker = std::make_unique<proxy::Worker>(std::move(snapshot), registry, interceptor, faults, sink);
    }

    proxy::LadderRegistry registry;
    proxy::Interceptor interceptor{tls::ca::Files{}}; // has nothing to do
    proxy::FaultBook faults;                          // likewise
    record::MemorySink sink;
    std::unique_ptr<proxy::Worker> worker;
};

} // namespace

TEST_CASE("a worker may be stopped before it is started, or never be started") {
    Scene scene;
    SECTION("never started") {}
    SECTION("with a listener that it never came to") {
        scene.worker->listen(proxy::open_listener({"127.0.0.1", 0}, true),
                             std::make_shared<proxy::Entrance>());
    }
    SECTION("stopped first") {
        scene.worker->stop();
        scene.worker->start();
        scene.worker->join();
    }
    SECTION("stopped twice") {
        scene.worker->start();
        scene.worker->stop();
        scene.worker->stop();
        scene.worker->join();
        scene.worker->join();
    }
    scene.worker.reset();
    CHECK(scene.sink.taken() == 0);
}

TEST_CASE(
    "a worker without connections has drained at once, also where that was asked for before its start") {
    Scene scene;
    bool const before = GENERATE(true, false);
    if (before) scene.worker->drain();
    scene.worker->start();
    if (!before) scene.worker->drain();
    scene.worker->join(); // returns
    CHECK(scene.sink.taken() == 0);
}

TEST_CASE("who was connected before a listener went, or the end began, is still answered") {
    Scene scene;
    auto socket = proxy::open_listener({"127.0.0.1", 0}, true);
    auto const port = proxy::bound_to(socket).port;
    auto const entrance = std::make_shared<proxy::Entrance const>();
    test::ClientSocket const asks(port); // the kernel takes it in, and what it says
    asks.write("GET / HTTP/1.1\r\nHost: nobody.test\r\n\r\n");
    test::ClientSocket const silent(port);

    bool const all_ends = GENERATE(true, false);
    scene.worker->listen(std::move(socket), entrance);
    if (all_ends)
        scene.worker->drain();
    else
        scene.worker->stop_listening(entrance);
    scene.worker->start();
    CHECK(asks.read_until("\r\n\r\n").starts_with("HTTP/1.1 "));
    asks.wait_for_end();
    silent.wait_for_end();
}

TEST_CASE("a tunnel outlives its listener, and ends when the worker is stopped") {
    test::ScriptedPeer const origin{[](test::PeerSocket& socket) {
        for (auto piece = socket.read_some(); !piece.empty(); piece = socket.read_some())
            socket.write(piece);
    }};
    Scene scene;
    auto socket = proxy::open_listener({"127.0.0.1", 0}, true);
    auto const port = proxy::bound_to(socket).port;
    auto const entrance = std::make_shared<proxy::Entrance const>();
    scene.worker->listen(std::move(socket), entrance);
    scene.worker->start();

    test::ClientSocket const app(port);
    app.write("CONNECT 127.0.0.1:" + std::to_string(origin.port()) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    CHECK(app.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
    scene.worker->stop_listening(entrance);
    app.write("still here.");
    CHECK(app.read_until(".") == "still here.");
    scene.worker.reset();
    app.wait_for_end();
}
