#pragma once

#include "record/handshake_record.hpp"

#include <string>
#include <vector>

namespace alert40::app::reproduce {

/// What a file has on record.
struct RecordsOfFile {
    std::vector<record::Record> records; ///< in the order of the file
    bool captured = false;               ///< packets: an id is the number of a TCP connection
    std::vector<std::string> complaints; ///< what could not be read, a line each
};

/// Reads a file of `alert40 run --record` (JSONL; one record alone may be spread over lines), or what tcpdump
/// has written. "-" is stdin, for records. Throws std::runtime_error, in one line.
RecordsOfFile records_of_file(std::string const& path);

/// The records in such a text; `complaints` of lines that are none.
RecordsOfFile records_in(std::string_view jsonl);

} // namespace alert40::app::reproduce
