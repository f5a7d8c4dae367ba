#include "net/resolver/resolver.hpp"

#include "net/loop/event_loop.hpp"
#include "net/resolver/destination_order.hpp"
#include "net/resolver/scripted_dns.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace alert40;
using Catch::Matchers::Contains;
using net::Resolver;
using test::DnsQuestion;
using test::DnsReply;
using test::ScriptedDns;
using tls::FailureKind;

namespace {

/// One question to a resolver of its own.
Resolver::Answer ask(policy::Resolver const& how, std::string const& host) {
    net::EventLoop loop;
    Resolver resolver{loop};
    std::optional<Resolver::Answer> answer;
    auto const query = resolver.resolve(how, host, [&](Resolver::Answer given) {
        answer.emplace(std::move(given));
        loop.stop();
    });
    CHECK_FALSE(answer); // always in a later turn
    loop.run();
    return std::move(*answer);
}

policy::Resolver udp(ScriptedDns const& server) {
    return {policy::Resolver::Kind::udp, "127.0.0.1", server.port()};
}

policy::Resolver tcp(ScriptedDns const& server) {
    return {policy::Resolver::Kind::tcp, "127.0.0.1", server.port()};
}

/// Sorted: RFC 6724 depends on the routes of the machine that runs this.
std::vector<std::string> addresses(Resolver::Answer const& answer) {
    INFO((answer ? "" : answer.error().detail));
    REQUIRE(answer.has_value());
    std::vector<std::string> all;
    for (auto const& one : *answer)
        all.push_back(one.address);
    std::sort(all.begin(), all.end());
    return all;
}

/// A answers with 192.0.2.7, AAAA with 2001:db8::7.
std::optional<DnsReply> both(DnsQuestion const& question) {
    if (question.type == test::type_a)
        return DnsReply{.answers = {{question.name, test::type_a, 60, "192.0.2.7"}}};
    return DnsReply{.answers = {{question.name, test::type_aaaa, 60, "2001:db8::7"}}};
}

std::vector<std::string> const both_addresses{"192.0.2.7", "2001:db8::7"};

} // namespace

TEST_CASE("an IP literal is its own answer, whoever is asked") {
    policy::Resolver const nobody{policy::Resolver::Kind::udp, "127.0.0.1", 1};
    auto const literal = GENERATE("192.0.2.1", "2001:db8::1", "fe80::1%lo");
    CHECK(ask({}, literal)->front().address == literal);
    CHECK(ask(nobody, literal)->front().address == literal);
}

TEST_CASE("localhost is loopback, whoever is asked") {
    policy::Resolver const nobody{policy::Resolver::Kind::udp, "127.0.0.1", 1};
    auto const name = GENERATE("localhost", "LocalHost", "localhost.", "a.b.localhost");
    CHECK(addresses(ask(nobody, name)) == std::vector<std::string>{"127.0.0.1", "::1"});
}

TEST_CASE("the system knows this machine") {
    // from the hosts file or NSS: the one name that does not need a network
    CHECK_FALSE(addresses(ask({}, "ip6-localhost.localhost")).empty());
    auto const unknown =
        ask({}, "a b"); // no name of a host: the answer does not depend on the network either
    REQUIRE(unknown.has_error());
    CHECK(unknown.error().phase == tls::Phase::resolve);
    CHECK(unknown.error().kind == FailureKind::dns);
    CHECK_THAT(unknown.error().detail, Contains("a b: ") && Contains("(system resolver)"));
}

TEST_CASE("a named server is asked for both families") {
    ScriptedDns const server{both};
    CHECK(addresses(ask(udp(server), "origin.test")) == both_addresses);
    CHECK(server.questions() == 2);
    CHECK(server.questions_over_tcp() == 0);
}

TEST_CASE("a named server is asked over TCP") {
    ScriptedDns const server{both};
    CHECK(addresses(ask(tcp(server), "origin.test")) == both_addresses);
    CHECK(server.questions() == 0);
    CHECK(server.questions_over_tcp() == 2);
}

TEST_CASE("a truncated answer is asked for again over TCP") {
    ScriptedDns const server{[](DnsQuestion const& question) -> std::optional<DnsReply> {
        if (!question.over_tcp) return DnsReply{.truncated = true};
        return both(question);
    }};
    CHECK(addresses(ask(udp(server), "origin.test")) == both_addresses);
    CHECK(server.questions_over_tcp() == 2);
}

TEST_CASE("a CNAME leads on") {
    ScriptedDns const server{[](DnsQuestion const& question) -> std::optional<DnsReply> {
        DnsReply reply{.answers = {{question.name, test::type_cname, 60, "edge.test"}}};
        if (question.type == test::type_a)
            reply.answers.push_back({"edge.test", test::type_a, 60, "192.0.2.7"});
        return reply;
    }};
    CHECK(addresses(ask(udp(server), "origin.test")) == std::vector<std::string>{"192.0.2.7"});
}

TEST_CASE("one family is enough") {
    bool const other_fails = GENERATE(false, true);
    ScriptedDns const server{[other_fails](DnsQuestion const& question) -> std::optional<DnsReply> {
        if (question.type == test::type_a) return both(question);
        return DnsReply{.rcode = static_cast<std::uint8_t>(other_fails ? 2 : 0)};
    }};
    CHECK(addresses(ask(udp(server), "origin.test")) == std::vector<std::string>{"192.0.2.7"});
}

TEST_CASE("a named server passes the hosts file by, and no search list is used") {
    std::vector<std::string> asked;
    ScriptedDns const server{[&](DnsQuestion const& question) -> std::optional<DnsReply> {
        asked.push_back(question.name);
        return DnsReply{.rcode = 3};
    }};
    CHECK(ask(udp(server), "ip6-allnodes").has_error()); // Debian's hosts file has it
    for (auto const& name : asked)
        CHECK(name == "ip6-allnodes");
    CHECK_FALSE(asked.empty());
}

TEST_CASE("what a named server may say instead of an address") {
    struct Row {
        std::uint8_t rcode;
        std::string says;
    };

    auto const row = GENERATE(Row{3, "NXDOMAIN"}, Row{0, "the name has no address"}, Row{2, "SERVFAIL"},
                              Row{5, "REFUSED"});
    ScriptedDns const server{
        [&](DnsQuestion const&) -> std::optional<DnsReply> { return DnsReply{.rcode = row.rcode}; }};
    auto const answer = ask(udp(server), "origin.test");
    REQUIRE(answer.has_error());
    CHECK(answer.error().phase == tls::Phase::resolve);
    CHECK(answer.error().kind == FailureKind::dns);
    CHECK_THAT(answer.error().detail, Contains("origin.test: ") && Contains(row.says) &&
                                          Contains("udp://127.0.0.1:" + std::to_string(server.port())));
}

TEST_CASE("garbage is no answer") {
    ScriptedDns const server{[](DnsQuestion const&) -> std::optional<DnsReply> {
        return DnsReply{.garbage = std::string(40, '\xff')};
    }};
    auto const answer = ask(tcp(server), "origin.test");
    REQUIRE(answer.has_error());
    INFO(answer.error().detail);
    CHECK((answer.error().kind == FailureKind::dns || answer.error().kind == FailureKind::timeout));
}

TEST_CASE("an answer that is lost is asked for again") {
    std::atomic<unsigned> lost = 0;
    ScriptedDns const server{[&](DnsQuestion const& question) -> std::optional<DnsReply> {
        if (lost++ < 2) return std::nullopt; // the first question of each family
        return both(question);
    }};
    CHECK(addresses(ask(udp(server), "origin.test")) == both_addresses);
    CHECK(server.questions() == 4);
}

// RFC 8305 section 3

TEST_CASE("a server that drops AAAA holds nobody up") {
    ScriptedDns const server{[](DnsQuestion const& question) -> std::optional<DnsReply> {
        if (question.type == test::type_aaaa) return std::nullopt;
        return both(question);
    }};
    CHECK(addresses(ask(udp(server), "origin.test")) == std::vector<std::string>{"192.0.2.7"});
    CHECK(server.questions() < 4); // not one of A and three of AAAA: nobody waited for the last try
}

TEST_CASE("a server that drops A holds nobody up who has IPv6") {
    ScriptedDns const server{[](DnsQuestion const& question) -> std::optional<DnsReply> {
        if (question.type == test::type_a) return std::nullopt;
        return DnsReply{.answers = {{question.name, test::type_aaaa, 60, "::1"}}};
    }};
    CHECK(addresses(ask(udp(server), "origin.test")) == std::vector<std::string>{"::1"});
    if (net::source_by_route("::1")) CHECK(server.questions() < 4);
}

TEST_CASE("an AAAA that comes too late is known the next time") {
    std::promise<void> answered;
    ScriptedDns const server{
        [&, late = answered.get_future().share()](DnsQuestion const& question) -> std::optional<DnsReply> {
            if (question.type == test::type_aaaa) late.wait(); // A was asked first, and has its answer
            return both(question);
        }};
    net::EventLoop loop;
    Resolver resolver{loop};
    std::vector<Resolver::Answer> answers;
    std::vector<std::unique_ptr<Resolver::Query>> queries;
    auto const then = [&](std::string const& name, std::function<void()> next) {
        queries.push_back(resolver.resolve(udp(server), name, [&, next](Resolver::Answer answer) {
            answers.push_back(std::move(answer));
            next();
        }));
    };
    then("origin.test", [&] {
        answered.set_value();
        then("other.test", [&] { // its answers come after the late one
            then("origin.test", [&] { loop.stop(); });
        });
    });
    loop.run();
    CHECK(addresses(answers.at(0)) == std::vector<std::string>{"192.0.2.7"});
    CHECK(addresses(answers.at(2)) == both_addresses);
    CHECK(server.questions() == 4);
}

TEST_CASE("a name that has no A is waited for until its AAAA comes") {
    ScriptedDns const server{[](DnsQuestion const& question) -> std::optional<DnsReply> {
        if (question.type == test::type_a) return DnsReply{};
        return both(question);
    }};
    CHECK(addresses(ask(udp(server), "origin.test")) == std::vector<std::string>{"2001:db8::7"});
}

TEST_CASE("a server that is not there") {
    policy::Resolver const nobody{policy::Resolver::Kind::udp, "127.0.0.1", 1};
    auto const answer = ask(nobody, "origin.test");
    REQUIRE(answer.has_error());
    // which of the two it is depends on the version of c-ares
    CHECK((answer.error().kind == FailureKind::dns || answer.error().kind == FailureKind::timeout));
    CHECK_THAT(answer.error().detail, Contains("origin.test: ") && Contains("(udp://127.0.0.1:1)"));
}

TEST_CASE("an answer is kept for its TTL") {
    std::uint32_t const ttl = GENERATE(0u, 60u);
    ScriptedDns const server{[ttl](DnsQuestion const& question) -> std::optional<DnsReply> {
        auto reply = both(question);
        for (auto& record : reply->answers)
            record.ttl = ttl;
        return reply;
    }};
    net::EventLoop loop;
    Resolver resolver{loop};
    std::vector<Resolver::Answer> answers;
    std::unique_ptr<Resolver::Query> second;
    auto const first = resolver.resolve(udp(server), "origin.test", [&](Resolver::Answer answer) {
        answers.push_back(std::move(answer));
        second = resolver.resolve(udp(server), "origin.test", [&](Resolver::Answer again) {
            answers.push_back(std::move(again));
            loop.stop();
        });
    });
    loop.run();
    CHECK(addresses(answers.at(1)) == both_addresses);
    CHECK(server.questions() == (ttl ? 2 : 4));
}

TEST_CASE("a question that is dropped is not answered") {
    ScriptedDns const server{both};
    net::EventLoop loop;
    Resolver resolver{loop};
    auto const fail = [](Resolver::Answer const&) { FAIL("answered all the same"); };
    resolver.resolve({}, "192.0.2.1", fail).reset();
    resolver.resolve({}, "no-such-name.invalid", fail).reset();
    resolver.resolve(udp(server), "origin.test", fail).reset();
    auto const last =
        resolver.resolve(udp(server), "other.test", [&](Resolver::Answer const&) { loop.stop(); });
    loop.run();
}

TEST_CASE("a resolver may go away with questions under way") {
    ScriptedDns const server{[](DnsQuestion const&) { return std::nullopt; }};
    net::EventLoop loop;
    std::unique_ptr<Resolver::Query> asked;
    std::unique_ptr<Resolver::Query> asked_of_system;
    auto const fail = [](Resolver::Answer const&) { FAIL("answered all the same"); };
    {
        Resolver resolver{loop};
        asked = resolver.resolve(udp(server), "origin.test", fail);
        asked_of_system = resolver.resolve({}, "no-such-name.invalid", fail);
    }
    loop.post([&] { loop.stop(); });
    loop.run();
}
