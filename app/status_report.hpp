#pragma once

#include "policy/decision.hpp"
#include "policy/ladder_memory.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace alert40::app {

/// What `alert40 status` shows, as it travels over the control socket: {"version", "pid", "started",
/// "listening", "policy": {"name", "loaded", "problem"}, "record_file", "rules": [{"name", "until"}],
/// "learned": [{"host", "ladder", "step", "profile", "reason", "learned", "expires"}], "diagnosed":
/// [{"target", "time", "verdict", "confidence"}]}. What is absent is null or left out; times are RFC 3339.
struct StatusReport {
    using Time = std::chrono::system_clock::time_point;

    struct Rule {
        std::string name;
        std::optional<Time> until;

        bool operator==(Rule const&) const = default;
    };

    /// Of a background diagnosis.
    struct Diagnosed {
        std::string target;
        Time time;
        std::string verdict, confidence;

        bool operator==(Diagnosed const&) const = default;
    };

    int pid = 0;
    Time started;
    std::vector<std::string> listening;
    std::string policy; ///< path of the file, or "the built-in policy"
    Time loaded;
    std::optional<std::string> problem; ///< why the last reload was refused
    std::string record_file;            ///< of --record, with its path; empty: there is none
    std::vector<Rule> rules;
    std::vector<policy::LadderMemory::Entry> learned;
    std::vector<Diagnosed> diagnosed;

    bool operator==(StatusReport const&) const = default;
};

std::string to_json(StatusReport const& report);
/// For a person, who looks at `now`.
std::string to_text(StatusReport const& report, StatusReport::Time now);
/// Throws CommandError for what a proxy of this version would not send.
StatusReport parse_status_report(std::string_view json);

} // namespace alert40::app
