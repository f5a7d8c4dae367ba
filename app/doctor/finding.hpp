#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::app::doctor {

/// One thing that was looked at.
struct Finding {
    enum class Level : std::uint8_t { ok, note, problem };
    Level level = Level::ok;
    std::string about;  ///< "settings", "variables", "trust", "hosts", "streaming"
    std::string what;   ///< one sentence
    std::string remedy; ///< what to do; empty: nothing

    bool operator==(Finding const&) const = default;
};

using Findings = std::vector<Finding>;

std::string_view name_of(Finding::Level level);
bool has_problem(Findings const& findings);
/// A line each, and the remedy below it.
std::string to_text(Findings const& findings);
/// {"app":"cursor","ok":false,"findings":[{"level","about","what","remedy"}]}
std::string to_json(std::string_view app, Findings const& findings);

} // namespace alert40::app::doctor
