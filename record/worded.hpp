#pragma once

#include "record/evidence.hpp"

#include <string>
#include <string_view>

namespace alert40::record {

/// A sentence of the cause table with its blanks filled in: {host}, {suites}, {via}, ... as
/// worded.cpp lists them. What came from the network can neither act on a terminal nor, in {host} and
/// {origin}, be more than one word of a shell.
std::string worded(std::string_view sentence, Evidence const& evidence);

} // namespace alert40::record
