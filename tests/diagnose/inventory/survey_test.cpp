#include "diagnose/inventory/survey.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <random>

using namespace alert40;
using namespace alert40::diagnose;

namespace {

using Codes = std::vector<std::uint16_t>;

Answer refusal(tls::AlertDescription description) {
    Answer answer;
    answer.failure = tls::Failure{
        .by = tls::By::upstream,
        .phase = tls::Phase::client_hello,
        .kind = tls::FailureKind::alert,
        .alert = tls::Alert{tls::AlertLevel::fatal, description, tls::Direction::received},
        .detail = {},
    };
    return answer;
}

template <class List>
auto first_common(List const& leading, List const& other) {
    std::optional<typename List::value_type> found;
    for (auto const& one : leading)
        if (!found && std::ranges::find(other, one) != other.end()) found = one;
    return found;
}

/// A server that is right: it chooses of what is offered by its own order, or by the client's.
struct Model {
    Codes versions{0x0304, 0x0303};
    Codes suites13{0x1302, 0x1301}, suites{0xc030, 0xc02f, 0x009e, 0x000a};
    Codes groups{0x0017, 0x001d};
    Codes signatures{0x0804, 0x0401};
    std::vector<std::string> alpn{"h2", "http/1.1"};
    bool server_decides = true;
    std::size_t most_suites = 1000; ///< with more of them it hangs up
    std::uint16_t curve = 0;        ///< of its certificate, which TLS 1.2 wants to be offered; 0: none

    template <class List>
    auto choose(List const& ours, List const& offered) const {
        return server_decides ? first_common(ours, offered) : first_common(offered, ours);
    }

    Answer operator()(PlainHello const& hello) const {
        using tls::AlertDescription;
        if (hello.cipher_suites.size() > most_suites) return refusal(AlertDescription::handshake_failure);
        auto const version = first_common(versions, hello.versions);
        if (!version) return refusal(AlertDescription::protocol_version);
        if (hello.fallback_scsv && *version < versions.front())
            return refusal(AlertDescription::inappropriate_fallback);
        bool const tls13 = *version == 0x0304;
        if (curve && !tls13 && std::ranges::find(hello.groups, curve) == hello.groups.end())
            return refusal(AlertDescription::handshake_failure);
        auto const suite = choose(tls13 ? suites13 : suites, hello.cipher_suites);
        auto const group = choose(groups, hello.groups);
        auto const signature = choose(signatures, hello.signature_algorithms);
        if (!suite || !group || !signature) return refusal(AlertDescription::handshake_failure);
        Answer answer;
        auto& choice = answer.choice.emplace();
        choice.version = *version;
        choice.cipher_suite = *suite;
        choice.group = group;
        choice.retry = tls13 && std::ranges::find(hello.key_shares, *group) == hello.key_shares.end();
        choice.downgrade_marked = *version < versions.front();
        choice.secure_renegotiation = hello.renegotiation_info;
        choice.compression = hello.deflate;
        answer.whole = true;
        if (choice.retry) return answer;
        answer.signature = signature;
        answer.stapled = hello.status_request;
        answer.alpn = choose(alpn, hello.alpn).value_or("");
        if (*suite == 0x009e) answer.dh_bits = 1024;
        return answer;
    }
};

/// Counts, and allows no more than `most`.
template <class Server>
Inventory surveyed(Server server, std::size_t most = 200) {
    std::size_t asked = 0;
    return survey(
        [&](std::span<PlainHello const> hellos) {
            std::vector<Answer> answers;
            for (auto const& hello : hellos)
                if (asked < most) {
                    ++asked;
                    answers.push_back(server(hello));
                }
            return answers;
        },
        "origin.test");
}

} // namespace

TEST_CASE("what a server takes is found in its order") {
    Model const model;
    auto const found = surveyed(model);
    CHECK(found.stopped.empty());
    REQUIRE(found.versions.size() == 2);
    auto const& tls13 = found.versions[0];
    auto const& tls12 = found.versions[1];
    CHECK(tls13.version == 0x0304);
    CHECK(tls13.cipher_suites == Accepted{model.suites13, Decides::server});
    CHECK(tls13.groups == Accepted{model.groups, Decides::server});
    CHECK(tls13.signature_algorithms == Accepted{model.signatures, Decides::server});
    CHECK(tls12.version == 0x0303);
    CHECK(tls12.cipher_suites == Accepted{model.suites, Decides::server});
    CHECK(tls12.groups == Accepted{model.groups, Decides::server});
    CHECK(tls12.signature_algorithms == Accepted{model.signatures, Decides::server});
    CHECK(found.alpn == model.alpn);
    CHECK(found.alpn_decides == Decides::server);
    CHECK(found.unknown_protocol == UnknownProtocol::passed_over);
    CHECK(found.dh_bits == 1024U);
    CHECK(found.fallback_scsv == true);
    CHECK(found.downgrade_marked == true);
    CHECK(found.secure_renegotiation == true);
    CHECK(found.compression == true);
    CHECK(found.stapled == true);
    CHECK(!found.wavers);
    CHECK(found.handshakes < 80);
}

TEST_CASE("a server that goes by the client's order is told from one that does not") {
    Model model;
    model.server_decides = false;
    auto const found = surveyed(model);
    REQUIRE(found.versions.size() == 2);
    for (auto const& spoken : found.versions) {
        CHECK(spoken.cipher_suites.decides == Decides::client);
        CHECK(spoken.groups.decides == Decides::client);
        CHECK(spoken.signature_algorithms.decides == Decides::client);
    }
    CHECK(std::ranges::is_permutation(found.versions[1].cipher_suites.codes, model.suites));
    CHECK(found.alpn_decides == Decides::client);
}

TEST_CASE("groups are found although the certificate's curve has to be offered with each") {
    Model model;
    model.server_decides = false;
    model.groups = {0x001d, 0x0017, 0x0018, 0x0019};
    model.curve = 0x0017;
    auto const found = surveyed(model);
    REQUIRE(found.versions.size() == 2);
    CHECK(found.versions[0].groups == Accepted{model.groups, Decides::client});
    CHECK(found.versions[1].groups == Accepted{model.groups, Decides::client});
}

TEST_CASE("of one version there is nothing to fall back from, and of one suite no order") {
    Model model;
    model.versions = {0x0301};
    model.suites = {0x0005};
    model.groups = {0x0017}; // RC4 with static RSA: no group is asked about
    auto const found = surveyed(model);
    REQUIRE(found.versions.size() == 1);
    CHECK(found.versions[0].cipher_suites == Accepted{{0x0005}, Decides::unknown});
    CHECK(found.versions[0].groups.codes.empty());
    CHECK(!found.fallback_scsv);
    CHECK(!found.downgrade_marked);
}

TEST_CASE("a server that a long list of suites is too much for is asked in parts") {
    Model model;
    model.versions = {0x0303};
    model.most_suites = 128;
    auto const found = surveyed(model);
    REQUIRE(found.versions.size() == 1);
    CHECK(std::ranges::is_permutation(found.versions[0].cipher_suites.codes, model.suites));
}

TEST_CASE("a refusal now and then is not the end of a list, and is told") {
    Model const model;
    auto const alert = GENERATE(true, false);
    std::size_t asked = 0;
    auto const found = surveyed([&](PlainHello const& hello) {
        if (++asked % 7 != 0) return model(hello);
        if (alert) return refusal(tls::AlertDescription::handshake_failure);
        Answer answer;
        answer.failure = tls::Failure{tls::By::upstream, tls::Phase::client_hello, tls::FailureKind::reset,
                                      std::nullopt, "cut"};
        return answer;
    });
    CHECK(found.wavers);
    REQUIRE(found.versions.size() == 2);
    CHECK(found.versions[0].cipher_suites.codes == model.suites13);
    CHECK(found.versions[1].cipher_suites.codes == model.suites);
}

TEST_CASE("what was found is kept when no more may be asked") {
    auto const found = surveyed(Model{}, 12);
    CHECK(found.handshakes == 12);
    CHECK(!found.stopped.empty());
    CHECK(!found.versions.empty());
    CHECK(surveyed(Model{}, 0).versions.empty());
}

TEST_CASE("a server that refuses everything says how") {
    auto const found =
        surveyed([](PlainHello const&) { return refusal(tls::AlertDescription::handshake_failure); });
    CHECK(found.versions.empty());
    CHECK(found.refusal == "alert 40 handshake_failure");
    CHECK(found.handshakes < 20);
}

TEST_CASE("it ends with a server that answers at random") {
    auto const seed = GENERATE(range(0U, 20U));
    std::mt19937 random(seed);
    auto const any_of = [&](auto const& list) {
        return list.empty() ? typename std::decay_t<decltype(list)>::value_type{}
                            : list[random() % list.size()];
    };
    auto const found = surveyed(
        [&](PlainHello const& hello) {
            if (random() % 50 == 0) return refusal(tls::AlertDescription::internal_error);
            Answer answer;
            auto& choice = answer.choice.emplace();
            choice.version = random() % 20 ? any_of(hello.versions) : static_cast<std::uint16_t>(random());
            choice.cipher_suite = any_of(hello.cipher_suites);
            choice.group = any_of(hello.groups);
            answer.signature = any_of(hello.signature_algorithms);
            answer.alpn = random() % 2 ? any_of(hello.alpn) : "x";
            answer.certificates = {{static_cast<std::uint8_t>(random())}};
            return answer;
        },
        5000);
    CHECK(found.stopped.empty());
    CHECK(found.handshakes < 2000);
    CHECK(found.chains.size() <= Inventory::most_chains);
}
