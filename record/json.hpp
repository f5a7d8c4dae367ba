#pragma once

#include "record/handshake_record.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace alert40::record {

/// One JSON object without a line break; docs/records.md defines each key. Bytes that are not UTF-8 become
/// `\xNN`.
std::string to_json(HandshakeRecord const& record);
std::string to_json(ConnectionFailureRecord const& record);
std::string to_json(LadderRecord const& record);
std::string to_json(DiagnosisRecord const& record);

/// Why a line is not a record: "failure.phase: unknown value".
struct MalformedRecord {
    std::string reason;

    bool operator==(MalformedRecord const&) const = default;
};

/// The other way round, for one line of a file that may hold anything. Keys that are not known are passed
/// over.
std::variant<Record, MalformedRecord> parse_record(std::string_view line);

} // namespace alert40::record
