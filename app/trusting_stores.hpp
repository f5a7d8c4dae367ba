#pragma once

#include "app/trust/change_list.hpp"
#include "app/trust/store.hpp"
#include "tls/ca/authority.hpp"

#include <vector>

namespace alert40::app {

trust::Anchor anchor_of(tls::ca::Authority const& authority, tls::ca::Files const& files);
/// The system's store, where there is one we can change, then the NSS databases of this user.
std::vector<trust::Store> known_stores();
/// Those that trust the anchor now.
std::vector<trust::Store> trusting_stores(trust::Anchor const& anchor);
/// What `ca trust` has done so far.
trust::ChangeList change_list();

} // namespace alert40::app
