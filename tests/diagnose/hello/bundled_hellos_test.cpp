#include "diagnose/hello/bundled_hellos.hpp"

#include "diagnose/hello/fresh.hpp"
#include "support/catch.hpp"
#include "tls/fingerprint/known_clients.hpp"
#include "tls/wire/extension.hpp"

#include <algorithm>
#include <string>

using namespace alert40;
using namespace alert40::diagnose;

TEST_CASE("the bundled hellos are those of the clients that they are named for") {
    std::string all;
    for (auto const& one : bundled_hellos()) {
        all += std::string(one.name) + ": " + std::string(tls::fingerprint::looks_like(view_of(one.hello))) +
               "\n";
        CHECK(tls::wire::server_name(view_of(one.hello).extensions) == "example.com");
        CHECK_FALSE(one.label.empty());
        CHECK(bundled_hello(one.name) == &one);
    }
    CHECK(all == "chromium: Chromium or Electron (BoringSSL)\n"
                 "curl: curl (OpenSSL 3)\n"
                 "firefox: Firefox (NSS)\n"
                 "go: Go\n"
                 "java: Java\n"
                 "node: Node.js (OpenSSL 3)\n"
                 "openssl: OpenSSL 3\n"
                 "python: Python (OpenSSL 3)\n");
    CHECK(bundled_hello("nobody") == nullptr);
}

TEST_CASE("a bundled hello is made one of today, to another host") {
    for (auto const& one : bundled_hellos()) {
        INFO(one.name);
        Fresh fresh;
        fresh.random.fill(0xaa);
        fresh.session_id.fill(0xbb);
        for (auto const group : share_groups(one.hello))
            fresh.key_shares.push_back({group, Buffer(group == 0x001d   ? 32
                                                      : group == 0x0017 ? 65
                                                                        : 1216,
                                                      0xcc)});
        auto const made = freshened(one.hello, fresh);
        CHECK(wire_size(made) == wire_size(one.hello));
        CHECK(made.random == fresh.random);
        CHECK(std::ranges::count(made.session_id, 0xbb) == std::ssize(one.hello.session_id));
        auto const bytes = records_of(made);
        std::size_t shared = 0;
        for (auto const& share : fresh.key_shares) {
            CHECK(std::search(bytes.begin(), bytes.end(), share.key_exchange.begin(),
                              share.key_exchange.end()) != bytes.end());
            shared += share.key_exchange.size();
        }
        CHECK(std::ranges::count(bytes, 0xcc) >= static_cast<std::ptrdiff_t>(shared));

        auto const moved = addressed_to(one.hello, "a-longer-name.example.net");
        CHECK(tls::wire::server_name(view_of(moved).extensions) == "a-longer-name.example.net");
        bool const padded = std::ranges::find(one.hello.extensions, 21, &Hello::Extension::type) !=
                            one.hello.extensions.end();
        CHECK(wire_size(moved) == wire_size(one.hello) + (padded ? 0 : 14));
        auto const nameless = addressed_to(one.hello, "");
        CHECK_FALSE(tls::wire::server_name(view_of(nameless).extensions));
        CHECK(addressed_to(nameless, "example.com") == nameless);
    }
}

TEST_CASE("a hello is padded to a size") {
    auto const& hello = bundled_hello("go")->hello;
    auto const size = wire_size(hello);
    CHECK(wire_size(padded_to(hello, 1500)) == 1500);
    CHECK(wire_size(padded_to(padded_to(hello, 1500), 700)) == 700);
    CHECK(padded_to(padded_to(hello, 1500), 0) == hello);
    CHECK(wire_size(padded_to(hello, size + 1)) == size + 4); // a header at least
    CHECK(wire_size(padded_to(hello, 1'000'000)) >= 2 * longest_hello);
    auto resuming = hello;
    resuming.extensions.push_back({41, {1, 2, 3}});
    CHECK(padded_to(resuming, 1500).extensions.back().type == 41); // RFC 8446 section 4.2.11
}
