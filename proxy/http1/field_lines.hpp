#pragma once

#include "proxy/http1/head_facts.hpp"

#include <cstdint>
#include <string_view>

namespace alert40::proxy::http1 {

enum class FieldLines : std::uint8_t { good, malformed, too_many };

/// Reads the field lines of one section (RFC 9112 section 5) and the empty line that ends it, all of `text`,
/// in which HeadScanner has found the end. What is kept goes to `fields`, borrowed from `text`, and the rest
/// to `facts`.
FieldLines read_field_lines(std::string_view text, Fields& fields, HeadFacts& facts);

/// One line from the front of `text`, which begins behind it from then on. Every line of a head has an end.
std::string_view take_line(std::string_view& text);

} // namespace alert40::proxy::http1
