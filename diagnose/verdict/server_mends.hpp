#pragma once

#include "diagnose/verdict/verdict.hpp"

namespace alert40::diagnose {

/// How each cause of the verdict is mended at its root, behind its other remedies.
void add_server_mends(Verdict& verdict);

} // namespace alert40::diagnose
