#include "diagnose/explain/explanation.hpp"
#include "policy/http_code.hpp"
#include "record/printable.hpp"

#include <boost/json.hpp>

namespace alert40::explain {

namespace json = boost::json;

namespace {

void add_known(json::object& object, std::string_view key, std::string_view text) {
    if (!text.empty()) object[key] = text;
}

json::object alert_of(Sighting const& sighting) {
    json::object alert{{"id", sighting.subject.number()}, {"name", name_of(sighting.subject.alert())}};
    if (sighting.direction) alert["direction"] = name_of(*sighting.direction);
    return alert;
}

json::object http2_of(Subject subject) {
    json::object error{{"code", subject.number()}};
    add_known(error, "name", policy::http2_error_name(subject.number()));
    return error;
}

json::array numbers(Alerts alerts) {
    json::array out;
    for (unsigned value = 0; value < 256; ++value)
        if (alerts.has(static_cast<tls::AlertDescription>(value))) out.push_back(value);
    return out;
}

json::object json_of(ExplainedReading const& reading) {
    json::object out;
    if (reading.side != Side::unknown) out["if_written_by"] = name_of(reading.side);
    out["is"] = reading.gist;
    out["who"] = reading.who;
    add_known(out, "when", reading.when);
    out["means"] = reading.means;
    out["is_not"] = reading.not_this;
    json::array causes, next;
    for (auto const& cause : reading.causes) {
        json::object one{{"name", cause.name}, {"likely", cause.likely}};
        add_known(one, "client", cause.client);
        add_known(one, "server", cause.server);
        causes.push_back(std::move(one));
    }
    for (auto const& step : reading.next)
        next.push_back(json::object{{"command", step.command}, {"shows", step.shows}});
    out["causes"] = std::move(causes);
    out["next"] = std::move(next);
    return out;
}

} // namespace

std::string json_of(SeenFailure const& failure) {
    auto const explanation = explain(failure);
    auto const& sighting = failure.sighting;
    json::object out{{"type", "explanation"},
                     {"failure", explanation.name},
                     {"text", failure.text},
                     {"line", failure.line},
                     {"count", failure.count}};
    if (sighting.subject.is_alert()) out["alert"] = alert_of(sighting);
    if (sighting.subject.is_http2()) out["http2"] = http2_of(sighting.subject);
    if (!explanation.may_be.empty()) out["alerts_possible"] = numbers(explanation.may_be);
    add_known(out, "library", name_of(sighting.library));
    add_known(out, "program", name_of(sighting.program));
    if (sighting.side != Side::unknown) out["side"] = name_of(sighting.side);
    if (sighting.phase) out["phase"] = tls::name_of(*sighting.phase);
    if (!failure.hosts.empty()) out["hosts"] = json::array(failure.hosts.begin(), failure.hosts.end());
    json::array readings;
    for (auto const& reading : explanation.readings)
        readings.push_back(json_of(reading));
    out["readings"] = std::move(readings);
    return json::serialize(out);
}

} // namespace alert40::explain
