#include "proxy/fault/dial_fault.hpp"

#include "policy/fault.hpp"

#include <utility>

namespace alert40::proxy {

using policy::FaultPoint;
using policy::FaultRole;

namespace fault = policy::fault;

namespace {

using PathKind = fault::Path::Kind;

net::PathFault::Kind kind_of(PathKind kind) {
    switch (kind) {
    case PathKind::reset: return net::PathFault::Kind::reset;
    case PathKind::close: return net::PathFault::Kind::close;
    case PathKind::silence: return net::PathFault::Kind::silence;
    case PathKind::throttle: break;
    }
    return net::PathFault::Kind::throttle;
}

void merge(tls::HelloEdit const& edit, tls::HelloEdit& into) {
    auto const& gone = edit.without_extensions;
    into.without_extensions.insert(into.without_extensions.end(), gone.begin(), gone.end());
    into.reversed |= edit.reversed;
    if (edit.alpn) into.alpn = edit.alpn;
}

void suffer(DialFault& dial, FaultPoint at, policy::FaultAction const& action) {
    auto& ordeal = dial.ordeal;
    std::visit(fault::Each{
                   [&](fault::Offer const& one) { dial.offers.push_back(one.offer); },
                   [&](fault::Hello const& one) { merge(one.edit, ordeal.edit); },
                   [&](fault::Delay const& one) { ordeal.hello_delay += one.time; },
                   [&](fault::Split const& one) {
                       ordeal.split = one.cut;
                       ordeal.split_pause = one.pause;
                   },
                   [&](fault::Path const& one) {
                       ordeal.path.push_back({kind_of(*one.kind), one.direction, one.after,
                                              at == FaultPoint::client_hello, one.bytes_per_second});
                   },
                   [](auto const&) {}, // the origin's
               },
               action);
}

} // namespace

std::optional<DialFault> strike_dial(FaultBook& book, policy::Decision const& decision, HelloOf who,
                                     tls::Offered const* app) {
    DialFault dial;
    for (auto const at : {FaultPoint::connect, FaultPoint::client_hello}) {
        if (at == FaultPoint::client_hello && who == HelloOf::nobody) continue;
        auto const blow = book.strike(
            decision, {.as = FaultRole::client, .at = at, .hello = app, .ours = who == HelloOf::us});
        if (!blow) continue;
        dial.rule = blow->rule;
        for (auto const& action : blow->actions) {
            dial.notes.push_back("injected: " + policy::fault_text(action, at));
            suffer(dial, at, action);
        }
    }
    if (dial.rule.empty()) return std::nullopt;
    return dial;
}

} // namespace alert40::proxy
