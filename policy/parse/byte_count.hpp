#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace alert40::policy::parse {

/// "1000", "64KiB", "2MiB"; not beyond 64 bits.
std::optional<std::uint64_t> bytes_named(std::string_view text);

} // namespace alert40::policy::parse
