#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace alert40::tls::engine {

/// The same flight with its first handshake message cut after `at` bytes into two records (RFC 8446
/// section 5.1 allows it). Unchanged where there is nothing to cut. `flight` is one whole record or several.
std::vector<std::uint8_t> split_first_record(std::span<std::uint8_t const> flight, std::size_t at);

} // namespace alert40::tls::engine
