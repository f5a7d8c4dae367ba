#include "policy/ladder.hpp"

#include <array>

namespace alert40::policy {
namespace {

using tls::AlertDescription;
using tls::FailureKind;

// The other kinds of Trigger, in the order of the enumeration.
struct CutTrigger {
    std::string_view name;
    FailureKind failure;
};

constexpr std::array cuts = {
    CutTrigger{"alert", FailureKind::alert},  CutTrigger{"reset", FailureKind::reset},
    CutTrigger{"eof", FailureKind::eof},      CutTrigger{"timeout", FailureKind::timeout},
    CutTrigger{"h2-broken", FailureKind::h2},
};

Trigger on_alert(AlertDescription description) {
    return {Trigger::Kind::alert, description, std::nullopt};
}

Trigger on(Trigger::Kind kind) {
    return {kind, AlertDescription{}, std::nullopt};
}

} // namespace

bool Trigger::matches(tls::Failure const& failure) const {
    if (failure.phase < tls::Phase::client_hello || failure.kind == FailureKind::verify) return false;
    if (kind != Kind::alert) return failure.kind == cuts.at(static_cast<std::size_t>(kind)).failure;
    return failure.alert && failure.alert->description == alert &&
           (!direction || *direction == failure.alert->direction);
}

std::string Trigger::text() const {
    std::string name(cuts.at(static_cast<std::size_t>(kind)).name);
    if (kind != Kind::alert) return name;
    name += ":" + std::to_string(static_cast<unsigned>(alert));
    return direction ? std::string(tls::name_of(*direction)) + ":" + name : name;
}

std::string_view name_of(Scsv scsv) {
    constexpr std::array names = {"probe", "strict", "off"};
    return names.at(static_cast<std::size_t>(scsv));
}

Ladder const& standard_ladder() {
    static Ladder const standard{
        .name = "standard",
        .retry = 1,
        .steps = {"modern", "http1", "no-alpn", "no-sni", "small-hello", "tls12"},
        .on = {on_alert(AlertDescription::handshake_failure), on_alert(AlertDescription::protocol_version),
               on_alert(AlertDescription::internal_error), on_alert(AlertDescription::unrecognized_name),
               on_alert(AlertDescription::no_application_protocol), on(Trigger::Kind::reset),
               on(Trigger::Kind::eof), on(Trigger::Kind::timeout), on(Trigger::Kind::h2_broken)},
        .scsv = Scsv::probe,
        .remember = std::chrono::minutes(10),
        .timeouts = {},
        .weak_steps = {},
    };
    return standard;
}

} // namespace alert40::policy
