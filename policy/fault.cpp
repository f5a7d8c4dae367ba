#include "policy/fault.hpp"

#include "policy/time_text.hpp"

#include <algorithm>
#include <array>

namespace alert40::policy {
namespace {

using Kind = FaultAction::Kind;

/// One kind of fault, and why it cannot strike before a ClientHello has come (empty: it can).
struct Row {
    Kind kind;
    std::string_view name;
    std::string_view why_not_at_connect;
};

constexpr std::string_view answers = "it answers a ClientHello: use at = \"client_hello\"";

constexpr std::array rows = {
    Row{Kind::alert, "alert", answers},
    Row{Kind::reset, "reset", ""},
    Row{Kind::close, "close", ""},
    Row{Kind::silence, "silence", ""},
    Row{Kind::delay, "delay", ""},
    Row{Kind::garbage, "garbage", answers},
    Row{Kind::plain_http, "plain_http", answers},
};

Row const& row_of(Kind kind) {
    return *std::ranges::find(rows, kind, &Row::kind);
}

std::string what(FaultAction const& action) {
    auto const name = std::string(name_of(action.kind));
    switch (action.kind) {
    case Kind::alert:
        return name + ' ' + std::to_string(static_cast<unsigned>(action.alert)) + ' ' +
               std::string(tls::name_of(action.alert)) +
               (action.level == tls::AlertLevel::warning ? " (warning)" : "");
    case Kind::delay: return name + " of " + duration_text(action.delay);
    default: return name;
    }
}

} // namespace

bool ends_it(FaultAction const& action) {
    bool const warning = action.kind == Kind::alert && action.level == tls::AlertLevel::warning;
    return action.kind != Kind::delay && !warning;
}

std::string Fault::text() const {
    return what(action) + " at " + std::string(name_of(at));
}

std::string_view name_of(FaultPoint point) {
    return point == FaultPoint::connect ? "connect" : "client_hello";
}

std::string_view name_of(Kind kind) {
    return row_of(kind).name;
}

std::string_view why_not(Kind kind, FaultPoint point) {
    return point == FaultPoint::connect ? row_of(kind).why_not_at_connect : std::string_view();
}

} // namespace alert40::policy
