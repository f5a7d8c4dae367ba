#include "record/role.hpp"

namespace alert40::record {

Role role_in(HandshakeRecord const& record) {
    if (record.mode == "watch") return Role::watched;
    if (record.side == Side::upstream) return Role::dialled;
    return record.mode == "intercept" ? Role::intercepted : Role::served;
}

} // namespace alert40::record
