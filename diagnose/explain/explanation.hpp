#pragma once

#include "diagnose/explain/failure_log.hpp"
#include "diagnose/explain/meanings/likely_cause.hpp"
#include "diagnose/explain/meanings/meaning.hpp"

#include <string>
#include <vector>

namespace alert40::explain {

struct Step {
    std::string command; ///< for a shell; HOST and COMMAND stand for what is not known
    std::string shows;
};

struct ExplainedCause {
    std::string name, likely;
    std::string client, server; ///< what mends it there; may be empty
};

/// One way to read a failure: the only one, or one for each side on which its text can have been written.
struct ExplainedReading {
    Side side = Side::unknown; ///< "if a client wrote this"; unknown where it makes no difference
    std::string gist, who, when, means, not_this; ///< `when` may be empty
    std::vector<ExplainedCause> causes = {};
    std::vector<Step> next = {};
};

/// All that is said of a failure, in the words of meanings/ with their blanks filled in.
struct Explanation {
    std::string name;    ///< stable: "handshake_failure", "certificate_expired"
    std::string speaker; ///< "OpenSSL 3 in nginx"; empty where the words are anybody's
    Alerts may_be;       ///< which alerts it can have been, where the words leave it open
    std::vector<ExplainedReading> readings;
};

Explanation explain(SeenFailure const& failure);

/// For a person, as one paragraph after the other, in lines of `width`.
std::string text_of(SeenFailure const& failure, std::size_t width = 100);
/// One JSON object, without an end of line.
std::string json_of(SeenFailure const& failure);

} // namespace alert40::explain
