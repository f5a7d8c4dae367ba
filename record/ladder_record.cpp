#include "record/ladder_record.hpp"

namespace alert40::record {

std::string_view name_of(LadderEvent event) {
    switch (event) {
    case LadderEvent::learned: return "learned";
    case LadderEvent::expired: return "expired";
    case LadderEvent::forgotten: return "forgotten";
    }
    return "learned";
}

} // namespace alert40::record
