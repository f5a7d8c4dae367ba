#include "proxy/worker.hpp"

#include "record/memory_sink.hpp"
#include "support/catch.hpp"
#include "support/scripted_peer.hpp"

using namespace alert40;

namespace {

struct Scene {
    Scene() {
        auto policy = policy::built_in_policy();
        auto rulebook = std::make_shared<policy::Rulebook const>(std::move(policy), policy::Clock::now());
        auto snapshot = *proxy::Snapshot::make(std::move(rulebook), {}, nullptr);
        worker = std::make_unique<proxy::Worker>(std::move(snapshot), registry, sink);
    }

    proxy::LadderRegistry registry;
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
