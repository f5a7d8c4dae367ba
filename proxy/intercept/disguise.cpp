#include "proxy/intercept/disguise.hpp"

#include <utility>

namespace alert40::proxy {

namespace fault = policy::fault;
using policy::FaultPoint;

namespace {

tls::FlightFault flight_of(fault::Alert const& alert, FaultPoint at) {
    using Place = tls::FlightFault::Place;
    return {.alert = tls::Alert{alert.level, alert.description, tls::Direction::sent},
            .place = at == FaultPoint::certificate ? Place::for_certificate : Place::after_server_hello};
}

} // namespace

void Disguise::put_on(Blow blow) {
    rule = blow.rule;
    bool const over = blow.at == FaultPoint::finished;
    for (auto const& action : blow.actions) {
        if (!over) take(action, blow.at);
        if (!policy::ends_it(action)) // the end is the failure
            notes.push_back("injected: " + policy::fault_text(action, blow.at));
    }
    if (over) afterwards = std::move(blow);
}

void Disguise::change(tls::engine::ServerOptions& options) const {
    options.fault = flight;
    if (!server) return;
    if (server->alpn) options.alpn = *server->alpn;
    options.alpn_forced = server->alpn_forced;
    if (server->split && server->split->mode == tls::SplitHello::Mode::record)
        options.largest_record = server->split->at;
    options.refuse_without_alpn_overlap = server->alpn_strict;
    if (!server->limits.no_secure_renegotiation) return;
    if (!options.fault) options.fault.emplace();
    options.fault->no_renegotiation_info = true;
}

net::Segments Disguise::segments() const {
    bool const cut = server && server->split && server->split->mode == tls::SplitHello::Mode::segment;
    return cut ? net::Segments{server->split->at, net::Segments::Cut::all} : net::Segments{};
}

void Disguise::take(policy::FaultAction const& action, FaultPoint at) {
    std::visit(fault::Each{
                   [&](fault::Server const& limited) { server = limited; },
                   [&](fault::Certificate const& certificate) { flaw = certificate.flaw; },
                   [&](fault::Alert const& alert) { flight = flight_of(alert, at); },
                   [](auto const&) {},
               },
               action);
}

} // namespace alert40::proxy
