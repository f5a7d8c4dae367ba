#pragma once

#include "record/cause.hpp"

#include <string>
#include <vector>

namespace alert40::record {

/// What `cause` advises for a handshake that alert40 had this part in, in sentences without a full stop: the
/// smallest change first; the server's fix is not among them.
std::vector<std::string> remedies_on_this_side(Cause const& cause, Evidence const& evidence);

} // namespace alert40::record
