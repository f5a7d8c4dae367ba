#pragma once

#include "policy/capabilities.hpp"
#include "policy/policy.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::policy::parse {

/// Where in which file, counted from 1, and what is wrong there, with the nearest known name where one is
/// near.
struct Problem {
    std::string file;
    std::size_t line = 0; ///< 0: not of one place
    std::size_t column = 0;
    std::string message;

    bool operator==(Problem const&) const = default;
    std::string text() const; ///< "policy.toml:3:9: unknown key \"hots\"; did you mean \"host\"?"
};

struct Parsed {
    Policy policy;
    std::vector<Problem> warnings; ///< weak profiles, keys that cannot act in watch mode, ...
};

/// Parses and checks a policy. Every error of the text is listed, in order; nothing half-built comes out.
/// Relative paths in it are taken from the folder of `file`.
/// `now`: for the warning about an `until` in the past.
boost::system::result<Parsed, std::vector<Problem>>
parse_policy(std::string_view text, std::filesystem::path const& file, Capabilities const& capabilities,
             std::chrono::system_clock::time_point now = std::chrono::system_clock::now());
/// The same for a file; one that cannot be read is a Problem too. At most 1 MiB is read.
boost::system::result<Parsed, std::vector<Problem>>
parse_policy_file(std::filesystem::path const& file, Capabilities const& capabilities,
                  std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

} // namespace alert40::policy::parse
