#pragma once

#include <cstddef>

/// The bounds of what is kept and shown.
namespace alert40::record::limits {

inline constexpr std::size_t recent_records = 512; ///< kept in memory for error bodies and `status`
inline constexpr std::size_t json_record_bytes =
    1 << 20;                                   ///< one line read back from a file: far above any real record
inline constexpr std::size_t shown_text = 160; ///< characters of one free text in a log line
inline constexpr std::size_t shown_verdict = 480; ///< of the sentence of a diagnosis

} // namespace alert40::record::limits
