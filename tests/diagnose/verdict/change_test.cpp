#include "diagnose/verdict/change.hpp"

#include "diagnose/verdict/findings_sample.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <set>

using namespace alert40;
using namespace alert40::diagnose;

namespace {

std::vector<std::string> names_of(std::vector<Change> const& changes) {
    std::vector<std::string> names;
    for (auto const& change : changes)
        names.push_back(change.name);
    return names;
}

bool has(std::vector<std::string> const& names, std::string_view name) {
    return std::ranges::count(names, name) != 0;
}

} // namespace

TEST_CASE("a refused ClientHello can be changed in every respect") {
    auto const changes =
        handshake_changes(base_trial(), failed_with(alert(tls::AlertDescription::handshake_failure)));
    auto const names = names_of(changes);
    CHECK(std::set(names.begin(), names.end()).size() == names.size());
    for (auto const* name :
         {"alpn-http1", "no-server-name", "small-hello", "tls12", "all-suites", "old-versions"})
        CHECK(has(names, name));
    CHECK(!has(names, "server-name"));
    for (auto const& change : changes)
        CHECK(with(base_trial(), {change}) != base_trial());
}

TEST_CASE("no change of the handshake helps against what is before or beside it") {
    CHECK(handshake_changes(base_trial(), failed_with(cut(tls::FailureKind::dns, tls::Phase::resolve)))
              .empty());
    CHECK(handshake_changes(base_trial(), failed_with(cut(tls::FailureKind::refused, tls::Phase::connect)))
              .empty());
    CHECK(handshake_changes(base_trial(), failed_with(cut(tls::FailureKind::not_tls))).empty());
    CHECK(handshake_changes(base_trial(), failed_with(cut(tls::FailureKind::verify, tls::Phase::certificate)))
              .empty());
    auto demanded =
        failed_with(alert(tls::AlertDescription::handshake_failure, tls::Phase::client_certificate));
    demanded.report.handshake.certificate_requested = true;
    CHECK(handshake_changes(base_trial(), demanded).empty());
}

TEST_CASE("suites that need neither group nor signature are tried when those are known to be in common") {
    auto const names = names_of(
        handshake_changes(base_trial(), failed_with(alert(tls::AlertDescription::handshake_failure))));
    auto const place = [&](std::string_view name) { return std::ranges::find(names, name) - names.begin(); };
    CHECK(place("all-groups") < place("static-rsa"));
    CHECK(place("all-groups") < place("dhe"));
    CHECK(place("security-level-0") < place("static-rsa"));
}

TEST_CASE("a server that wants stronger parameters is offered nothing weaker") {
    auto const refused = failed_with(alert(tls::AlertDescription::insufficient_security));
    CHECK(names_of(handshake_changes(base_trial(), refused)) == std::vector<std::string>{"strongest"});
    CHECK(widening_changes(base_trial(), refused).empty());
}

TEST_CASE("what breaks after the handshake can only be a matter of the protocol") {
    auto broken = established();
    broken.visited->failure = cut(tls::FailureKind::h2, tls::Phase::after);
    CHECK(names_of(handshake_changes(base_trial(), broken)) ==
          std::vector<std::string>{"alpn-http1", "no-alpn"});
}

TEST_CASE("a silent server is not asked what only a refusing one could answer") {
    auto const names = names_of(handshake_changes(base_trial(), failed_with(cut(tls::FailureKind::timeout))));
    CHECK(has(names, "split-hello"));
    CHECK(!has(names, "all-suites"));
}

TEST_CASE("of a wide offer, what was chosen will do alone") {
    auto const alone = chosen_alone(base_trial(), chosen("1.2", "TLS_RSA_WITH_AES_128_CBC_SHA", "secp521r1"));
    REQUIRE(names_of(alone) == std::vector<std::string>{"suite", "group"});
    CHECK(with(base_trial(), {alone[0]}).profile.ciphers.ends_with(":AES128-SHA"));
    CHECK(with(base_trial(), {alone[1]}).profile.groups.back() == "secp521r1");
    CHECK(alone[0].weak);
    CHECK(chosen_alone(base_trial(), chosen("1.3", "TLS_AES_128_GCM_SHA256")).empty());
    auto const ccm = chosen_alone(base_trial(), chosen("1.3", "TLS_AES_128_CCM_SHA256"));
    REQUIRE(names_of(ccm) == std::vector<std::string>{"suite"});
    CHECK(with(base_trial(), ccm).profile.cipher_suites.back() == "TLS_AES_128_CCM_SHA256");
    CHECK(!ccm.front().weak);
}
