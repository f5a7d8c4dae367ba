#pragma once

#include "diagnose/verdict/verdict.hpp"

#include <string>

namespace alert40::diagnose {

/// For a person at a terminal of `width` columns: the verdict first, then the remedies, then the evidence.
std::string report_text(Findings const& findings, Verdict const& verdict, std::size_t width);

/// One JSON object on one line; docs/diagnose.md defines each field.
std::string report_json(Findings const& findings, Verdict const& verdict);

} // namespace alert40::diagnose
