#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace alert40::tls::engine {

using Sha256 = std::array<std::uint8_t, 32>;

/// Nothing only when the library fails (memory, providers).
std::optional<Sha256> sha256(std::span<std::uint8_t const> bytes);

/// Lower-case hex; empty where the library refuses (MD5 under FIPS).
std::string md5_hex(std::string_view text);
std::string sha256_hex(std::string_view text);

} // namespace alert40::tls::engine
