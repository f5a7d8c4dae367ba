#include "app/status_report.hpp"

#include "app/exit.hpp"
#include "app/version.hpp"
#include "record/timestamp.hpp"

#include <boost/json.hpp>

namespace alert40::app {

namespace json = boost::json;

namespace {

json::value optional_time(std::optional<StatusReport::Time> time) {
    return time ? json::value(record::timestamp(*time)) : json::value(nullptr);
}

json::object json_of(policy::LadderMemory::Entry const& entry) {
    return {{"host", entry.host},
            {"ladder", entry.ladder},
            {"step", entry.step},
            {"profile", entry.profile},
            {"reason", entry.reason},
            {"learned", record::timestamp(entry.learned)},
            {"expires", record::timestamp(entry.expires)}};
}

json::object json_of(StatusReport::Rule const& rule) {
    return {{"name", rule.name}, {"until", optional_time(rule.until)}};
}

json::object json_of(StatusReport::Diagnosed const& one) {
    return {{"target", one.target},
            {"time", record::timestamp(one.time)},
            {"verdict", one.verdict},
            {"confidence", one.confidence}};
}

json::array json_of(auto const& values) {
    json::array array;
    for (auto const& value : values)
        array.push_back(json_of(value));
    return array;
}

std::string text_at(json::object const& object, std::string_view key) {
    return json::value_to<std::string>(object.at(key));
}

StatusReport::Time time_at(json::object const& object, std::string_view key) {
    auto const time = record::parse_timestamp(text_at(object, key));
    if (!time) throw std::runtime_error(std::string(key) + " is no time");
    return *time;
}

StatusReport::Rule rule_from(json::object const& object) {
    StatusReport::Rule rule{.name = text_at(object, "name"), .until = std::nullopt};
    if (!object.at("until").is_null()) rule.until = time_at(object, "until");
    return rule;
}

StatusReport::Diagnosed diagnosed_from(json::object const& object) {
    return {.target = text_at(object, "target"),
            .time = time_at(object, "time"),
            .verdict = text_at(object, "verdict"),
            .confidence = text_at(object, "confidence")};
}

policy::LadderMemory::Entry entry_from(json::object const& object) {
    policy::LadderMemory::Entry entry;
    entry.host = text_at(object, "host");
    entry.ladder = text_at(object, "ladder");
    entry.step = json::value_to<std::size_t>(object.at("step"));
    entry.profile = text_at(object, "profile");
    entry.reason = text_at(object, "reason");
    entry.learned = time_at(object, "learned");
    entry.expires = time_at(object, "expires");
    return entry;
}

StatusReport report_from(json::object const& object) {
    StatusReport report;
    report.pid = json::value_to<int>(object.at("pid"));
    report.started = time_at(object, "started");
    report.listening = json::value_to<std::vector<std::string>>(object.at("listening"));
    auto const& policy = object.at("policy").as_object();
    report.policy = text_at(policy, "name");
    report.loaded = time_at(policy, "loaded");
    if (!policy.at("problem").is_null()) report.problem = text_at(policy, "problem");
    if (auto const* file = object.if_contains("record_file"))
        report.record_file = json::value_to<std::string>(*file);
    for (auto const& rule : object.at("rules").as_array())
        report.rules.push_back(rule_from(rule.as_object()));
    for (auto const& entry : object.at("learned").as_array())
        report.learned.push_back(entry_from(entry.as_object()));
    for (auto const& one : object.at("diagnosed").as_array())
        report.diagnosed.push_back(diagnosed_from(one.as_object()));
    return report;
}

} // namespace

std::string to_json(StatusReport const& report) {
    return json::serialize(json::object{
        {"version", std::string(version)},
        {"pid", report.pid},
        {"started", record::timestamp(report.started)},
        {"listening", json::value_from(report.listening)},
        {"policy",
         json::object{{"name", report.policy},
                      {"loaded", record::timestamp(report.loaded)},
                      {"problem", report.problem ? json::value(*report.problem) : json::value(nullptr)}}},
        {"record_file", report.record_file},
        {"rules", json_of(report.rules)},
        {"learned", json_of(report.learned)},
        {"diagnosed", json_of(report.diagnosed)},
    });
}

StatusReport parse_status_report(std::string_view text) {
    try {
        return report_from(json::parse(json::string_view(text.data(), text.size())).as_object());
    } catch (std::exception const& error) {
        throw CommandError(std::string("the running proxy's answer cannot be read (another version?): ") +
                           error.what());
    }
}

} // namespace alert40::app
