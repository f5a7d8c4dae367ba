#pragma once

#include "app/reproduce/recorded_failure.hpp"
#include "tls/flaw.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace alert40::app::reproduce {

/// What the user says because no record can.
struct Told {
    std::optional<tls::Flaw> flaw{};              ///< of the certificate that the app refused
    std::optional<tls::AlertDescription> alert{}; ///< that was encrypted
    std::optional<std::string> alpn{};            ///< that the server chose, and nobody had offered
};

/// One [[rule.fault]], with the values as they stand in a policy.
struct Step {
    std::vector<std::string> comments; ///< above it
    std::string at;                    ///< empty: where `action` belongs
    std::string action;                ///< `alert = "handshake_failure"`
    bool about_hello = true;           ///< something in the hello may have been the reason
};

/// How a failure is made: the keys of a [[rule]] and its faults.
struct Recipe {
    std::vector<std::string> comments; ///< on the whole
    std::vector<std::string> keys;     ///< of the rule: `address = "127.0.0.1:1"`
    std::vector<Step> steps;
    bool app_trusts_us = false; ///< it only comes so far if it trusts the authority of this machine
};

/// Why it cannot be made, and what can be done instead; or what has to be said first. One paragraph.
struct NoRecipe {
    std::string why;
};

using Made = std::variant<Recipe, NoRecipe>;

Made recipe_for(RecordedFailure const& failed, Told const& told);

} // namespace alert40::app::reproduce
