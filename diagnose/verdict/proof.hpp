#pragma once

#include "record/cause.hpp"

#include <string_view>

/// What it proves that a failure ends by one change: one row a proof.
namespace alert40::diagnose {

struct Proof {
    std::string_view change; ///< that mends it
    record::Signature when;  ///< what was failed of before
    std::string_view cause;
    std::string_view sentence; ///< with the blank {change}, {chosen}, {failure}
};

/// The row that fits, the more specific ones first; null: the change mends it for a reason that no row knows.
Proof const* proof_for(std::string_view change, record::Evidence const& evidence);

} // namespace alert40::diagnose
