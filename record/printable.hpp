#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace alert40::record {

/// `text` with every byte that is not part of valid UTF-8 written as `\xNN`: what JSON demands (RFC 8259
/// section 8.1).
std::string valid_utf8(std::string_view text);

/// The same, and without what could act on a terminal or turn a line round: controls and the bidirectional
/// marks are written as `\u{NN}`. At most `limit` characters come out, the last one an ellipsis where more
/// was there.
std::string printable(std::string_view text, std::size_t limit = std::string::npos);

} // namespace alert40::record
