#include "diagnose/hello/hello_bisect.hpp"

#include "diagnose/hello/bundled_hellos.hpp"
#include "diagnose/hello/candidates.hpp"
#include "diagnose/hello/fresh.hpp"
#include "diagnose/hello/plain_hello.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <functional>
#include <random>
#include <string>

using namespace alert40;
using namespace alert40::diagnose;
using Verdict = BisectResult::Verdict;
using Differences = std::vector<Difference>;
using Words = std::vector<std::string>;

namespace {

using Server = std::function<Outcome(Hello const&)>;

Outcome const works{true, {}}, alert_40{false, "alert 40"};

BisectResult bisect(Hello failing, std::vector<Candidate> candidates, Server const& server,
                    HelloBisect::Settings settings = {}) {
    HelloBisect bisect{std::move(failing), std::move(candidates), settings};
    while (auto const* const hello = bisect.next())
        bisect.answer(server(*hello));
    CHECK(bisect.stage() == HelloBisect::Stage::over);
    return bisect.result();
}

Words words(Differences const& differences) {
    Words out;
    for (auto const& one : differences)
        out.push_back(words_of(one));
    return out;
}

bool has(Differences const& all, Differences const& some) {
    return std::ranges::all_of(
        some, [&](Difference const& one) { return std::ranges::find(all, one) != all.end(); });
}

bool offers(Hello const& hello, std::string_view protocol) {
    auto const view = view_of(hello);
    auto const names = tls::wire::alpn(view.extensions);
    return names && std::ranges::find(*names, protocol) != names->end();
}

Hello chromium() {
    return bundled_hello("chromium")->hello;
}

} // namespace

TEST_CASE("planted causes are found in hellos") {
    std::mt19937 random{40};
    std::size_t asked = 0;
    constexpr int trials = 25; // each takes tens of hellos
    auto const all = bundled_hellos();
    for (int trial = 0; trial < trials; ++trial) {
        auto const& failing = all[random() % all.size()].hello;
        Hello const working = random() % 2 ? built({.server_name = "example.com"}) : bare(failing);
        auto candidates = Comparison{working, failing}.differences();
        // Some of these bring others with them, which the test above is about.
        std::erase_if(candidates, [](Difference const& one) {
            return one.code == 21 || one.occurrence > 0 || one.place == Place::key_shares ||
                   one.place == Place::supported_groups || one.kind == Difference::Kind::order;
        });
        std::vector<Differences> causes;
        for (auto i = 1 + random() % 2; i > 0; --i) {
            std::ranges::shuffle(candidates, random);
            causes.emplace_back(
                candidates.begin(),
                candidates.begin() +
                    static_cast<std::ptrdiff_t>(1 + random() % std::min<std::size_t>(3, candidates.size())));
        }
        auto const result = bisect(failing, {{"working", working}},
                                   [&](Hello const& hello) {
                                       auto const there = Comparison{working, hello}.differences();
                                       bool const struck = std::ranges::any_of(
                                           causes, [&](auto const& cause) { return has(there, cause); });
                                       return struck ? alert_40 : works;
                                   },
                                   {.most_asked = 1000});
        asked += result.asked;
        REQUIRE(result.verdict == Verdict::reduced);
        REQUIRE_FALSE(result.causes.empty());
        for (auto const& found : result.causes)
            CHECK(std::ranges::any_of(causes, [&](auto const& cause) {
                return cause.size() == found.size() && has(found, cause);
            }));
        for (auto const& cause : causes) // the cure takes something away from each
            CHECK(std::ranges::any_of(cause, [&](Difference const& one) { return has(result.cure, {one}); }));
        CHECK(result.mended);
        CHECK(result.between);
        CHECK(Comparison{*result.works, *result.fails}.differences().size() <=
              2); // the size may be the other
    }
    CHECK(asked / trials < 70);
}

TEST_CASE("one cause: a protocol in ALPN") {
    auto const result = bisect(chromium(), candidates_for(chromium(), "example.com"),
                               [](Hello const& hello) { return offers(hello, "h2") ? alert_40 : works; });
    CHECK(result.verdict == Verdict::reduced);
    CHECK(result.failure == "alert 40");
    CHECK(result.candidate == "the same without what is optional");
    REQUIRE(result.causes.size() == 1);
    CHECK(words(result.causes[0]) == Words{"h2 in ALPN"});
    CHECK(words(result.cure) == Words{"h2 in ALPN"});
    CHECK(result.tally.failed.at("alert 40") == 3);
    CHECK(offers(*result.fails, "h2"));
    CHECK_FALSE(offers(*result.works, "h2"));
    CHECK(offers(*result.mended, "http/1.1"));
    CHECK(result.asked < 40);
}

TEST_CASE("the size is one cause, and not what fills it") {
    auto const result = bisect(chromium(), candidates_for(chromium(), "example.com"), [](Hello const& hello) {
        return wire_size(hello) > 1400 ? Outcome{false, "no answer"} : works;
    });
    CHECK(result.verdict == Verdict::reduced);
    REQUIRE(result.causes.size() == 1);
    CHECK(words(result.causes[0]) == Words{"its size of 1401 bytes"});
    CHECK(result.fails_from_bytes == 1401);
    CHECK(words(result.cure) == Words{"the key share X25519MLKEM768 of 1216 bytes"});
}

TEST_CASE("padding that a server cannot stand is not taken for size") {
    auto const failing = built({.server_name = "example.com", .alpn = {"h2"}, .pad_to = 900});
    auto const result =
        bisect(failing, {{"plain", built({.server_name = "example.com"})}}, [](Hello const& hello) {
            return std::ranges::find(hello.extensions, 21, &Hello::Extension::type) != hello.extensions.end()
                       ? alert_40
                       : works;
        });
    REQUIRE(result.causes.size() == 1);
    CHECK(result.causes[0].front().place != Place::size);
    CHECK_FALSE(result.fails_from_bytes);
}

TEST_CASE("what a hello lacks is a cause as well") {
    auto const result = bisect(built({.versions = {0x0304}}), {{"plain", built({})}}, [](Hello const& hello) {
        auto const versions = tls::wire::supported_versions(view_of(hello).extensions);
        bool const has_12 = !versions || std::ranges::find(*versions, 0x0303) != versions->end();
        return has_12 ? works : Outcome{false, "alert 70"};
    });
    REQUIRE(result.causes.size() == 1);
    CHECK(words(result.causes[0]) == Words{"no version TLS 1.2"});
    CHECK(undoing(result.cure.front()) == "offer the version TLS 1.2 as well");
}

TEST_CASE("a hello that fails in another way is no answer to the question") {
    auto const result = bisect(chromium(), candidates_for(chromium(), "example.com"), [](Hello const& hello) {
        if (!find(hello, tls::wire::ExtensionType::server_name)) return Outcome{false, "alert 80"};
        return offers(hello, "h2") ? alert_40 : works;
    });
    CHECK(words(result.cure) == Words{"h2 in ALPN"});
}

TEST_CASE("a hello that works, and one that nothing can mend") {
    CHECK(bisect(chromium(), candidates_for(chromium(), ""), [](Hello const&) { return works; }).verdict ==
          Verdict::works);
    auto const never =
        bisect(chromium(), candidates_for(chromium(), ""), [](Hello const&) { return alert_40; });
    CHECK(never.verdict == Verdict::nothing_works);
    CHECK(never.asked == 3 + candidates_for(chromium(), "").size());
    CHECK(bisect(chromium(), {}, [](Hello const&) { return alert_40; }).verdict == Verdict::nothing_works);
}

TEST_CASE("a server that fails now and then is found out, and counted") {
    for (std::size_t const every : {2, 3}) {
        std::size_t asked = 0;
        auto const result = bisect(chromium(), candidates_for(chromium(), ""),
                                   [&](Hello const&) { return asked++ % every == 0 ? alert_40 : works; });
        CHECK(result.verdict == Verdict::intermittent);
        CHECK(result.tally.asked() == 10);
        CHECK(result.tally.failed.at("alert 40") == (every == 2 ? 5 : 4));
        CHECK(result.asked == 10);
    }
    std::mt19937 random{40}; // it strikes later: what was found is asked for again
    int found_out = 0;
    for (int trial = 0; trial < 100; ++trial) {
        auto const result = bisect(chromium(), candidates_for(chromium(), ""), [&](Hello const& hello) {
            return offers(hello, "h2") && random() % 2 ? alert_40 : works;
        });
        found_out += result.verdict == Verdict::intermittent || result.verdict == Verdict::works;
    }
    CHECK(found_out >= 90); // now and then tosses come out like a rule
}

TEST_CASE("it asks no more often than it may") {
    for (std::size_t most = 0; most < 30; ++most) {
        auto const result = bisect(chromium(), candidates_for(chromium(), ""),
                                   [](Hello const& hello) { return offers(hello, "h2") ? alert_40 : works; },
                                   {.most_asked = most});
        CHECK(result.asked <= most);
        if (result.verdict != Verdict::reduced) CHECK(result.verdict == Verdict::unfinished);
    }
}
