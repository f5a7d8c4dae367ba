#pragma once

#include <string_view>

namespace alert40::explain {

/// One cause, and what mends it on each side; a mend may be empty. The blanks of record/worded.hpp, and
/// {trust}: where the program at hand finds the authorities that it trusts.
struct LikelyCause {
    std::string_view name;
    std::string_view likely; ///< a clause: "the port does not speak TLS"
    std::string_view client = {};
    std::string_view server = {};
};

/// Of a row of this room, or, with its words for an app of one's own, of record/cause_table.hpp. Names are
/// unique over both.
LikelyCause likely_cause(std::string_view name);

} // namespace alert40::explain
