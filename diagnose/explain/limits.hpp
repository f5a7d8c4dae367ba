#pragma once

#include <cstddef>
#include <cstdint>

/// What hostile or endless text can cost.
namespace alert40::explain::limits {

inline constexpr std::size_t line_bytes =
    64 * 1024;                                   ///< of one line; the rest of a longer one is not looked at
inline constexpr std::size_t signs_in_line = 64; ///< a real one has a dozen at most
inline constexpr std::size_t bare_code = 40;   ///< characters: the longest name of an alert, and some blanks
inline constexpr std::size_t failures = 1000;  ///< distinct ones that are kept
inline constexpr std::size_t hosts = 5;        ///< that are named for one failure
inline constexpr std::size_t shown_text = 300; ///< characters of a line that is quoted
inline constexpr std::size_t host_name = 253;  ///< RFC 1035 section 2.3.4, without the dot at its end
/// Lines that may stand between two parts of one message which nothing else holds together; the same for what
/// is said around it, and for the parts of an exception with its stack.
inline constexpr std::uint64_t adjacent = 5, around = 12, one_exception = 200;

} // namespace alert40::explain::limits
