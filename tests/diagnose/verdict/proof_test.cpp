#include "diagnose/verdict/proof.hpp"

#include "diagnose/verdict/app_settings.hpp"
#include "diagnose/verdict/change.hpp"
#include "diagnose/verdict/findings_sample.hpp"
#include "support/catch.hpp"

#include <algorithm>

using namespace alert40;
using namespace alert40::diagnose;

namespace {

record::Evidence refused(tls::AlertDescription description,
                         tls::Direction direction = tls::Direction::received) {
    record::Evidence evidence;
    evidence.failure = alert(description, tls::Phase::client_hello, direction);
    evidence.direction = direction;
    return evidence;
}

record::Evidence broken_off(tls::FailureKind kind) {
    record::Evidence evidence;
    evidence.failure = cut(kind);
    return evidence;
}

std::string_view cause(std::string_view change, record::Evidence const& evidence) {
    auto const* const proof = proof_for(change, evidence);
    return proof ? proof->cause : "";
}

} // namespace

TEST_CASE("the same change proves another thing after another failure") {
    using A = tls::AlertDescription;
    CHECK(cause("no-server-name", refused(A::unrecognized_name)) == "name-unknown");
    CHECK(cause("no-server-name", refused(A::handshake_failure)) == "name-not-provisioned");
    CHECK(cause("no-server-name", broken_off(tls::FailureKind::reset)) == "name-filtered");
    CHECK(cause("no-alpn", refused(A::no_application_protocol)) == "no-common-application-protocol");
    CHECK(cause("no-alpn", refused(A::handshake_failure)) == "alpn-refused");
    CHECK(cause("small-hello", broken_off(tls::FailureKind::timeout)) == "large-hello");
    CHECK(cause("small-hello", refused(A::internal_error)) == "hello-not-digested");
}

TEST_CASE("what our own library refused is not laid at the server's door") {
    using A = tls::AlertDescription;
    CHECK(cause("security-level-0", refused(A::handshake_failure, tls::Direction::sent)) == "weak-signature");
    CHECK(cause("security-level-0", refused(A::handshake_failure)) == "no-common-signature-algorithm");
    auto weak_dh = refused(A::handshake_failure, tls::Direction::sent);
    CHECK(cause("security-level-1", weak_dh).empty());
    weak_dh.facts.add(record::Fact::finite_field_dh);
    CHECK(cause("security-level-1", weak_dh) == "weak-dh");
}

TEST_CASE("a change that no row knows proves nothing") {
    CHECK(cause("phase-of-the-moon", broken_off(tls::FailureKind::reset)).empty());
}

TEST_CASE("settings of apps are for changes that are made, and say how") {
    for (auto const& row : app_settings()) {
        if (row.change != "direct" && row.change != "client-certificate")
            CHECK_NOTHROW(change_named(row.change));
        CHECK(!row.setting.empty());
    }
}
