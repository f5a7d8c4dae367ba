#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::app::lab {

/// One broken origin of the lab: rules for the host NAME.lab, with faults.
struct Entry {
    std::string name;      ///< of its file in configs/lab/, without ".toml"
    std::string shows;     ///< what happens there, in a sentence
    std::string mended_by; ///< the smallest change on the client's side that helps, or that there is none
    std::string rules;     ///< TOML

    bool operator==(Entry const&) const = default;
};

/// An entry whose file does not say what it shows and what mends it.
class WrongEntry : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The file begins with comment lines: what it shows, then "Mended by: ..."; the rest is the rules. Throws
/// WrongEntry.
Entry parse_entry(std::string_view name, std::string_view text);

/// Those of configs/lab/, in the order of their names.
std::vector<Entry> const& built_in_entries();

} // namespace alert40::app::lab
