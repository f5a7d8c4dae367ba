#pragma once

#include "policy/ladder_memory.hpp"
#include "record/ladder_record.hpp"

namespace alert40::proxy {

/// What was learned, or is no longer known, as the record of it.
record::LadderRecord news(record::LadderEvent event, policy::LadderMemory::Entry const& entry);

} // namespace alert40::proxy
