#include "diagnose/hello/comparison.hpp"

#include "diagnose/hello/bundled_hellos.hpp"
#include "diagnose/hello/candidates.hpp"
#include "diagnose/hello/fresh.hpp"
#include "diagnose/hello/plain_hello.hpp"
#include "support/catch.hpp"
#include "tls/wire/extension.hpp"
#include "tls/wire/iana.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <utility>

using namespace alert40;
using namespace alert40::diagnose;
using Words = std::vector<std::string>;

namespace {

/// Everything real, and some that are made.
std::vector<Hello> const& hellos() {
    static auto const all = [] {
        std::vector<Hello> made{built({}), built({.versions = {0x0303}}), built({.versions = {0x0301}}),
                                built({.versions = {0x0300}}), built({.alpn = {"h2"}, .pad_to = 1800})};
        for (auto const& one : bundled_hellos())
            made.push_back(one.hello);
        made.push_back(made.back());
        made.back().extensions.push_back({41, {1, 2, 3, 4}}); // pre_shared_key
        return made;
    }();
    return all;
}

Words words(Comparison const& comparison) {
    Words out;
    for (auto const& one : comparison.differences())
        out.push_back(words_of(one));
    return out;
}

void check_well_formed(Hello const& hello) {
    CHECK(*read_hello(records_of(hello)) == hello);
    CHECK_FALSE(hello.cipher_suites.empty());
    std::set<std::uint16_t> types;
    for (auto const& one : hello.extensions)
        CHECK(types.insert(one.type).second);
    if (types.contains(41)) CHECK(hello.extensions.back().type == 41);
    auto const view = view_of(hello);
    auto const groups = tls::wire::supported_groups(view.extensions).value_or(std::vector<std::uint16_t>{});
    for (auto const share :
         tls::wire::key_share_groups(view.extensions).value_or(std::vector<std::uint16_t>{}))
        CHECK(std::ranges::find(groups, share) != groups.end());
}

} // namespace

TEST_CASE("none of the differences is the working hello, all of them are the failing one") {
    for (auto const& working : hellos()) {
        for (auto const& failing : hellos()) {
            Comparison const comparison{working, failing};
            CHECK(comparison.with({}) == working);
            Subset all(comparison.differences().size());
            std::iota(all.begin(), all.end(), std::size_t{0});
            CHECK(comparison.with(all) == (all.empty() ? working : failing));
        }
    }
}

TEST_CASE("a difference more, a difference less") {
    for (auto const& working : hellos()) {
        for (auto const& failing : hellos()) {
            Comparison comparison{working, failing};
            while (comparison.differences().size() > 1) { // one after the other, never all at once
                Comparison next{comparison.with({0}), failing};
                REQUIRE(next.differences().size() < comparison.differences().size());
                comparison = std::move(next);
            }
        }
    }
}

TEST_CASE("whatever differences are taken, the hello is well-formed") {
    std::mt19937 random{40};
    for (auto const& working : hellos()) {
        for (auto const& failing : hellos()) {
            Comparison const comparison{working, failing};
            for (int i = 0; i < 3; ++i) {
                Subset some;
                for (std::size_t one = 0; one < comparison.differences().size(); ++one)
                    if (random() % 2) some.push_back(one);
                check_well_formed(comparison.with(some));
            }
        }
    }
}

TEST_CASE("each difference has words, and what undoes it") {
    PlainHello const plain{.server_name = "example.com"};
    auto const differs = [&](PlainHello const& failing) { return words({built(plain), built(failing)}); };
    auto changed = plain;
    changed.alpn = {"h2", "http/1.1"};
    CHECK(differs(changed) == Words{"h2 in ALPN", "http/1.1 in ALPN"});
    changed = plain;
    changed.cipher_suites = {0x1301, 0x1303, 0x1302, 0x0005};
    CHECK(differs(changed) == Words{"the cipher suite TLS_RSA_WITH_RC4_128_SHA",
                                    "no cipher suite TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                                    "no cipher suite TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                                    "no cipher suite TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                                    "no cipher suite TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                                    "no cipher suite TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                                    "no cipher suite TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                                    "the order of the cipher suites"});
    changed = plain;
    changed.groups = {0x11ec, 0x001d, 0x0017};
    changed.key_shares = {0x11ec, 0x001d};
    CHECK(differs(changed) == Words{"the group X25519MLKEM768", "no group secp384r1",
                                    "the key share X25519MLKEM768 of 1216 bytes"});
    changed = plain;
    changed.server_name = "other.example";
    changed.session_ticket = false;
    changed.versions = {0x0304};
    CHECK(differs(changed) == Words{"no version TLS 1.2",
                                    "the extension server_name (0) with other content, other.example",
                                    "no extension session_ticket (35)"});
    changed = plain;
    changed.server_name = {};
    changed.fallback_scsv = true;
    CHECK(differs(changed) == Words{"the cipher suite TLS_FALLBACK_SCSV", "no extension server_name (0)"});
    CHECK(words({built(changed), built(plain)}).back() == "the extension server_name (0) with example.com");
    changed = plain;
    changed.versions = {0x0303};
    CHECK(differs(changed) == Words{"an empty session id", "the version TLS 1.1", "the version TLS 1.0",
                                    "no version TLS 1.3", "no key share x25519 of 32 bytes",
                                    "no extension psk_key_exchange_modes (45)"});

    Comparison const comparison{built(plain), bundled_hello("chromium")->hello};
    Words undone;
    for (auto const& one : comparison.differences())
        undone.push_back(undoing(one));
    auto const says = [&](std::string const& what) {
        return std::ranges::find(undone, what) != undone.end();
    };
    CHECK(says("leave out h2 in ALPN"));
    CHECK(says("leave out the group X25519MLKEM768"));
    CHECK(says("leave out the version GREASE"));
    CHECK(says("leave out the GREASE extension number 2 with 1 byte"));
    CHECK(says("put the extensions in another order"));
}

TEST_CASE("a key share comes with its group and goes with it") {
    auto with_share = built({.groups = {0x11ec, 0x001d}, .key_shares = {0x11ec, 0x001d}});
    auto const without = built({.groups = {0x001d}});
    auto const only = [](Comparison const& comparison, Place place) {
        Subset some;
        for (std::size_t i = 0; i < comparison.differences().size(); ++i)
            if (comparison.differences()[i].place == place) some.push_back(i);
        return comparison.with(some);
    };
    auto const groups = [](Hello const& hello) {
        return *tls::wire::supported_groups(view_of(hello).extensions);
    };
    auto const shares = [](Hello const& hello) {
        return *tls::wire::key_share_groups(view_of(hello).extensions);
    };
    using Numbers = std::vector<std::uint16_t>;
    Comparison const adding{without, with_share};
    CHECK(groups(only(adding, Place::key_shares)) == Numbers{0x11ec, 0x001d});
    CHECK(shares(only(adding, Place::supported_groups)) == Numbers{0x001d});
    Comparison const taking{with_share, without};
    CHECK(shares(only(taking, Place::supported_groups)) == Numbers{0x001d});
    CHECK(groups(only(taking, Place::key_shares)) == Numbers{0x11ec, 0x001d});
}

TEST_CASE("what changes in every hello is no difference") {
    auto const& chromium = bundled_hello("chromium")->hello;
    auto other = freshened(
        chromium, {.random = {1, 2, 3}, .session_id = {4, 5}, .key_shares = {{0x001d, Buffer(32, 7)}}});
    CHECK(other != chromium);
    CHECK(Comparison{chromium, other}.differences().empty());
    for (auto& suite : other.cipher_suites)
        if (tls::wire::iana::is_grease(suite)) suite = suite == 0x4a4a ? 0x5a5a : 0x4a4a;
    CHECK(Comparison{chromium, other}.differences().empty());
}

TEST_CASE("a bare hello is smaller and keeps what a handshake needs") {
    auto const hello = bare(bundled_hello("chromium")->hello);
    check_well_formed(hello);
    CHECK(wire_size(hello) < 300);
    CHECK(share_groups(hello) == std::vector<std::uint16_t>{0x001d});
    CHECK(tls::wire::server_name(view_of(hello).extensions) == "example.com");
    CHECK_FALSE(tls::wire::alpn(view_of(hello).extensions));
    CHECK(bare(hello) == hello);
}
