#pragma once

#include "diagnose/hello/hello.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace alert40::diagnose {

/// Bytes as people write them down: hex digits in pairs, with or without spaces, colons, commas, quotes,
/// "0x" or "\x" between them; what follows a # in a line is a comment. Nothing for anything else.
std::optional<Buffer> bytes_of_hex(std::string_view text);

/// Such text, 32 bytes a line.
std::string hex_of(tls::wire::Bytes bytes);

} // namespace alert40::diagnose
