#include "proxy/proxy.hpp"

#include "record/memory_sink.hpp"
#include "support/catch.hpp"
#include "support/client_socket.hpp"
#include "support/scripted_peer.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

using namespace alert40;
using test::PeerSocket;
using test::ScriptedPeer;

namespace {

/// One request a connection: this origin serves one connection at a time, and there are many threads and
/// names.
void serve(PeerSocket& socket) {
    socket.read_until("\r\n\r\n");
    socket.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
}

policy::Policy policy_for(std::uint16_t origin_port) {
    auto policy = policy::built_in_policy();
    policy.listen.proxy = {{"127.0.0.1", 0}};
    policy.listen.threads = 2;
    policy::Rule rule;
    rule.name = "test";
    rule.address = policy::Address{"127.0.0.1", origin_port};
    rule.via =
        policy::Via{.kind = policy::Via::Kind::direct, .host = {}, .port = 0, .username = {}, .password = {}};
    policy.rules = {rule};
    return policy;
}

std::shared_ptr<policy::Rulebook const> rulebook(policy::Policy policy) {
    return std::make_shared<policy::Rulebook const>(std::move(policy), policy::Clock::now());
}

std::uint16_t port_of(std::string const& listening) {
    auto const end = listening.find(" -> ");
    auto const address = listening.substr(0, end);
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

/// An app, blocking.
class App : public test::ClientSocket {
  public:
    using ClientSocket::ClientSocket;

    std::string ask() const {
        write("GET http://origin.test/ HTTP/1.1\r\nHost: origin.test\r\n\r\n");
        return read_until("\r\n\r\nok");
    }
};

bool works(std::uint16_t port) {
    App const app(port);
    return app.connected() && app.ask().starts_with("HTTP/1.1 200");
}

/// Lets a thread of the test wait for the script of an origin.
class Gate {
  public:
    void open() {
        std::lock_guard const lock(mutex_);
        is_open_ = true;
        opened_.notify_all();
    }

    void wait() {
        std::unique_lock lock(mutex_);
        opened_.wait(lock, [this] { return is_open_; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool is_open_ = false;
};

} // namespace

TEST_CASE("a proxy serves requests where it says that it listens") {
    ScriptedPeer const origin{serve};
    record::MemorySink sink;
    proxy::Proxy const proxy(rulebook(policy_for(origin.port())), sink);
    REQUIRE(proxy.listening().size() == 1);
    App const app(port_of(proxy.listening()[0]));
    for (int i = 0; i < 3; ++i)
        CHECK(app.ask().starts_with("HTTP/1.1 200"));
    CHECK(origin.connections() == 3);
}

TEST_CASE("what cannot start throws one line, and leaves nothing open") {
    record::MemorySink sink;
    auto policy = policy_for(1);
    SECTION("nothing to listen on") {
        policy.listen.proxy.clear();
        CHECK_THROWS_WITH(proxy::Proxy(rulebook(policy), sink),
                          "nothing to listen on: the policy has no `proxy` address and no [[map]]");
    }
    SECTION("an address in use") {
        proxy::Proxy const first(rulebook(policy), sink);
        policy.listen.proxy = {{"127.0.0.1", port_of(first.listening()[0])}};
        CHECK_THROWS_AS(proxy::Proxy(rulebook(policy), sink), proxy::StartError);
    }
    SECTION("a profile that the library cannot do") {
        auto odd = *tls::built_in_profile("modern");
        odd.name = "odd";
        odd.groups = {"no-such-group"};
        policy.profiles.push_back(odd);
        CHECK_THROWS_WITH(proxy::Proxy(rulebook(policy), sink), Catch::Matchers::StartsWith("profile odd: "));
    }
}

TEST_CASE("listeners come and go with the policy, and those that stay keep their port") {
    ScriptedPeer const origin{serve};
    record::MemorySink sink;
    auto policy = policy_for(origin.port());
    proxy::Proxy proxy(rulebook(policy), sink);
    auto const stays = port_of(proxy.listening()[0]);

    policy.maps.push_back({{"127.0.0.1", 0}, {"http", "one.test", 80}});
    policy.maps.push_back({{"127.0.0.1", 0}, {"http", "two.test", 80}});
    proxy.apply(rulebook(policy));
    auto const both = proxy.listening();
    REQUIRE(both.size() == 3);
    CHECK(port_of(both[0]) == stays);
    CHECK(both[1].ends_with(" -> http://one.test"));
    CHECK(works(port_of(both[2])));

    App const stays_connected(port_of(both[2]));
    CHECK(stays_connected.ask().starts_with("HTTP/1.1 200"));
    policy.maps.pop_back();
    proxy.apply(rulebook(policy));
    CHECK(stays_connected.read_some().empty()); // its listener is gone, and nothing was under way
    CHECK(works(port_of(both[1])));             // of the same text, and untouched
    CHECK_FALSE(App(port_of(both[2])).connected());
    CHECK(works(stays));
}

TEST_CASE("an address may come to stand for something else, and be widened") {
    ScriptedPeer const origin{serve};
    record::MemorySink sink;
    auto policy = policy_for(origin.port());
    proxy::Proxy proxy(rulebook(policy), sink);
    auto const port = port_of(proxy.listening()[0]);
    policy.listen.proxy = {{"127.0.0.1", port}};
    proxy.apply(rulebook(policy));

    policy.maps.push_back({policy.listen.proxy[0], {"http", "one.test", 80}});
    policy.listen.proxy.clear();
    proxy.apply(rulebook(policy));
    CHECK(proxy.listening()[0] == "127.0.0.1:" + std::to_string(port) + " -> http://one.test");
    CHECK(works(port));

    policy.maps[0].listen.address = "0.0.0.0";
    proxy.apply(rulebook(policy));
    CHECK(works(port));
}

TEST_CASE("a policy that cannot be applied changes nothing") {
    ScriptedPeer const origin{serve};
    record::MemorySink sink;
    auto const policy = policy_for(origin.port());
    proxy::Proxy proxy(rulebook(policy), sink);
    auto const before = proxy.listening();
    auto wrong = policy;
    wrong.listen.proxy.push_back({"192.0.2.1", 4040});
    CHECK_THROWS_AS(proxy.apply(rulebook(wrong)), proxy::StartError);
    wrong.listen.proxy.clear();
    CHECK_THROWS_AS(proxy.apply(rulebook(wrong)), proxy::StartError);
    CHECK(proxy.listening() == before);
    CHECK(works(port_of(before[0])));
}

TEST_CASE("a drain finishes what is under way, and closes what is idle") {
    Gate asked, answer;
    ScriptedPeer const origin{[&](PeerSocket& socket) {
        socket.read_until("\r\n\r\n");
        asked.open();
        answer.wait();
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }};
    record::MemorySink sink;
    proxy::Proxy proxy(rulebook(policy_for(origin.port())), sink);
    auto const port = port_of(proxy.listening()[0]);
    App const idle(port);
    App const active(port);
    active.write("GET http://origin.test/ HTTP/1.1\r\nHost: origin.test\r\n\r\n");
    asked.wait();
    std::thread draining{[&] { proxy.drain(); }};
    CHECK(idle.read_some().empty());
    answer.open();
    auto const response = active.read_until("\r\n\r\nok");
    CHECK(response.starts_with("HTTP/1.1 200"));
    CHECK(response.ends_with("ok"));
    active.wait_for_end();
    draining.join();
    CHECK_FALSE(App(port).connected());
}

TEST_CASE("the end comes at once, whatever is under way") {
    Gate asked;
    ScriptedPeer const origin{[&](PeerSocket& socket) {
        socket.read_until("\r\n\r\n");
        asked.open();
        socket.wait_for_end();
    }};
    record::MemorySink sink;
    auto proxy = std::make_unique<proxy::Proxy>(rulebook(policy_for(origin.port())), sink);
    App const app(port_of(proxy->listening()[0]));
    app.write("GET http://origin.test/ HTTP/1.1\r\nHost: origin.test\r\n\r\n");
    asked.wait();
    proxy.reset();
    CHECK(app.read_some().empty());
}
