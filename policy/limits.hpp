#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace alert40::policy::limits {

// A policy is written by hand or by a small program; these only keep a wrong or hostile file from costing
// more than a moment.
inline constexpr std::size_t policy_bytes = 1 << 20;
inline constexpr std::size_t problems = 100; ///< listed of one file
inline constexpr std::size_t profiles = 256;
inline constexpr std::size_t ladders = 256;
inline constexpr std::size_t rules = 4096;
inline constexpr std::size_t maps = 256;
inline constexpr std::size_t listeners = 64;
inline constexpr std::size_t list = 1024; ///< elements of any other list
inline constexpr std::size_t text = 4096; ///< bytes of any string
inline constexpr std::size_t name = 64;   ///< bytes of the name of a profile, ladder or rule
inline constexpr std::size_t ladder_steps = 32;
inline constexpr std::int64_t retries = 10;
inline constexpr std::size_t credentials = 64;       ///< users of the proxy
inline constexpr std::size_t credential = 255;       ///< bytes of a user or a password (RFC 1929 section 2)
inline constexpr std::int64_t hello_bytes = 1 << 16; ///< longer than any hello that is read
inline constexpr std::int64_t threads = 256;
inline constexpr std::size_t faults = 64;                  ///< of one rule
inline constexpr std::int64_t fault_bytes = 1LL << 40;     ///< of a body, or of it in a second
inline constexpr std::int64_t fault_count = 1'000'000'000; ///< of what a condition counts
inline constexpr std::size_t alpn_name = 255;              ///< RFC 7301 section 3.1
inline constexpr std::uint16_t split_at = 16384;
inline constexpr std::uint16_t smallest_record = 512; ///< SSL_CTX_set_max_send_fragment

/// Brackets inside brackets, and dots in one line outside strings: the parser and the tree recurse over both.
inline constexpr std::size_t nesting = 32;

/// Longer than anybody means, short enough to add to any time.
inline constexpr std::chrono::milliseconds duration = std::chrono::hours(24 * 366 * 10);

} // namespace alert40::policy::limits
