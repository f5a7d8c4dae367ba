#include "proxy/fault/dial_fault.hpp"

#include "support/catch.hpp"

using namespace alert40;
using namespace std::chrono_literals;
using policy::FaultAction;
using policy::FaultPoint;
using policy::FaultRole;
using proxy::HelloOf;
namespace fault = policy::fault;

namespace {

policy::Fault as_client(FaultAction action, FaultPoint at = FaultPoint::client_hello,
                        policy::FaultCondition when = {}) {
    return {.as = FaultRole::client, .at = at, .when = std::move(when), .action = std::move(action)};
}

policy::Decision decision(std::vector<policy::Fault> faults) {
    policy::Decision made;
    made.faults = std::move(faults);
    made.faulty_rule = "broken";
    return made;
}

fault::Offer const offer{{.groups = {{"x25519"}}}};
fault::Path const cut{.kind = fault::Path::Kind::reset, .after = 100};

} // namespace

TEST_CASE("a dial without faults of the client suffers nothing") {
    proxy::FaultBook book;
    CHECK(!strike_dial(book, decision({}), HelloOf::us, nullptr));
    CHECK(!strike_dial(book, decision({{.as = FaultRole::origin, .when = {}, .action = fault::Reset{}}}),
                       HelloOf::us, nullptr));
}

TEST_CASE("what strikes at both points adds up to one ordeal, and is noted") {
    proxy::FaultBook book;
    fault::Hello const bare{{.without_extensions = {10}}}, turned{{.reversed = true, .alpn = {{"foo"}}}};
    auto const dial =
        strike_dial(book,
                    decision({as_client(cut, FaultPoint::connect), as_client(bare), as_client(turned),
                              as_client(fault::Delay{1s}), as_client(fault::Delay{2s}),
                              as_client(fault::Split{{tls::SplitHello::Mode::record, 64}, 5s}),
                              as_client(cut), as_client(offer)}),
                    HelloOf::us, nullptr);
    REQUIRE(dial);
    CHECK(dial->rule == "broken");
    CHECK(dial->ordeal.edit ==
          tls::HelloEdit{.without_extensions = {10}, .reversed = true, .alpn = {{"foo"}}});
    CHECK(dial->ordeal.hello_delay == 3s);
    CHECK(dial->ordeal.split == tls::SplitHello{tls::SplitHello::Mode::record, 64});
    CHECK(dial->ordeal.split_pause == 5s);
    REQUIRE(dial->ordeal.path.size() == 2);
    CHECK(!dial->ordeal.path[0].behind_hello);
    CHECK(dial->ordeal.path[1] ==
          net::PathFault{.kind = net::PathFault::Kind::reset, .after = 100, .behind_hello = true});
    CHECK(dial->offers == std::vector{offer.offer});
    CHECK(dial->notes.size() == 8);
    CHECK(dial->notes.front() == "injected: reset after 100 bytes sent at connect");
}

TEST_CASE("an app's own hello offers what it wants, and that is not counted") {
    proxy::FaultBook book;
    auto const asked = decision({as_client(offer, FaultPoint::client_hello, {.times = 1})});
    CHECK(!strike_dial(book, asked, HelloOf::app, nullptr));
    CHECK(strike_dial(book, asked, HelloOf::us, nullptr));
    CHECK(!strike_dial(book, asked, HelloOf::us, nullptr));
}

TEST_CASE("where nobody speaks TLS only the path fails") {
    proxy::FaultBook book;
    auto const dial =
        strike_dial(book, decision({as_client(fault::Delay{1s}), as_client(cut, FaultPoint::connect)}),
                    HelloOf::nobody, nullptr);
    REQUIRE(dial);
    CHECK(dial->ordeal.hello_delay == 0s);
    CHECK(dial->ordeal.path.size() == 1);
}

TEST_CASE("a condition on the app's hello holds at connect too") {
    proxy::FaultBook book;
    policy::HelloMatch wants_h2;
    wants_h2.alpn = {"h2"};
    auto const asked = decision({as_client(cut, FaultPoint::connect, {.hello = wants_h2})});
    tls::Offered h2;
    h2.alpn = {"h2"};
    CHECK(strike_dial(book, asked, HelloOf::app, &h2));
    CHECK(!strike_dial(book, asked, HelloOf::app, nullptr));
}
