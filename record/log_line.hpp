#pragma once

#include "record/handshake_record.hpp"
#include "record/log_style.hpp"

#include <string>

namespace alert40::record {

/// One line for a person, without the line break: when it ended, how, who, address; attempt and profile of a
/// dial, or which app was watched or intercepted; what was agreed on or what went wrong; how long; what comes
/// next; what was offered; the rules; a hint on how an app's handshake is mended; notes. Examples of all of
/// them stand in tests/golden/record/log_lines*.txt.
///
/// Nothing that came from the network can act on the terminal.
std::string log_line(HandshakeRecord const& record, LogStyle style);
std::string log_line(ConnectionFailureRecord const& record, LogStyle style);
std::string log_line(LadderRecord const& record, LogStyle style);
std::string log_line(DiagnosisRecord const& record, LogStyle style);

} // namespace alert40::record
