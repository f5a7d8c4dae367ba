#include "record/handshake_record.hpp"

namespace alert40::record {

std::string_view name_of(Side side) {
    return side == Side::downstream ? "downstream" : "upstream";
}

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
    case Outcome::established: return "established";
    case Outcome::failed: return "failed";
    case Outcome::passed: return "passed";
    }
    return "unknown";
}

} // namespace alert40::record
