#include "proxy/listener.hpp"

#include "proxy/proxy.hpp"
#include "support/catch.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <vector>

using namespace alert40;

namespace {

net::Socket connect_to(policy::Endpoint const& endpoint) {
    net::Socket socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(endpoint.port);
    ::inet_pton(AF_INET, endpoint.address.c_str(), &place.sin_addr);
    REQUIRE(::connect(socket.fd(), reinterpret_cast<sockaddr*>(&place), sizeof place) == 0);
    return socket;
}

struct Scene final : proxy::Listener::Host {
    Scene()
        : socket(proxy::open_listener({"127.0.0.1", 0}, true))
        , endpoint(proxy::bound_to(socket))
        , listener(loop, std::move(socket), std::make_shared<proxy::Entrance>(), *this) {}

    void accepted(net::Socket one, std::shared_ptr<proxy::Entrance const>) override {
        guests.push_back(std::move(one));
    }

    void settle() {
        while (loop.turn(std::chrono::milliseconds{0})) {
        }
    }

    net::EventLoop loop;
    net::Socket socket;
    policy::Endpoint endpoint;
    proxy::Listener listener;
    std::vector<net::Socket> guests;
};

/// No descriptor can be opened while this lives.
class NoDescriptorsLeft {
  public:
    NoDescriptorsLeft() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        rlimit const none{0, before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
    }

    ~NoDescriptorsLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }

  private:
    rlimit before_{};
};

} // namespace

TEST_CASE("an address in use is an error that names it, although we share the port among ourselves") {
    auto const first = proxy::open_listener({"127.0.0.1", 0}, true);
    auto const taken = proxy::bound_to(first);
    CHECK(taken.port != 0);
    CHECK_NOTHROW(proxy::open_listener(taken, false));
    CHECK_THROWS_WITH(proxy::open_listener(taken, true),
                      "cannot listen on " + taken.text() + ": Address already in use");
    CHECK_THROWS_AS(proxy::open_listener(taken, true), proxy::StartError);
}

TEST_CASE("the port that was taken is told, in both families") {
    auto const v4 = proxy::bound_to(proxy::open_listener({"127.0.0.1", 0}, true));
    CHECK(v4.address == "127.0.0.1");
    CHECK(v4.port != 0);
    CHECK_THROWS_WITH(proxy::open_listener({"192.0.2.1", 0}, true),
                      Catch::Matchers::StartsWith("cannot listen on 192.0.2.1:0: "));
}

TEST_CASE("connections are handed over as they come, many in one turn") {
    Scene scene;
    std::vector<net::Socket> clients;
    for (int i = 0; i < 100; ++i)
        clients.push_back(connect_to(scene.endpoint));
    scene.settle();
    CHECK(scene.guests.size() == 100);
}

TEST_CASE("without descriptors the listener rests, and takes what waited after a tick") {
    Scene scene;
    auto const client = connect_to(scene.endpoint);
    {
        NoDescriptorsLeft const none;
        scene.settle(); // ends: it does not ask again and again
    }
    CHECK(scene.guests.empty());
    scene.settle();
    CHECK(scene.guests.empty());
    scene.listener.on_tick();
    scene.settle();
    CHECK(scene.guests.size() == 1);
}

TEST_CASE("who waits when a listener goes can be let in before") {
    Scene scene;
    std::vector<net::Socket> clients;
    for (int i = 0; i < 100; ++i)
        clients.push_back(connect_to(scene.endpoint));
    scene.listener.accept_waiting();
    CHECK(scene.guests.size() == 100);
}
