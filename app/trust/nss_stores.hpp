#pragma once

#include "app/trust/store.hpp"

#include <filesystem>
#include <vector>

namespace alert40::app::trust {

/// The NSS databases below a home folder: Chromium's, whether or not it is there yet (Chromium reads it as
/// soon as it is), then every profile of Firefox and its kin, those of snap and flatpak too.
std::vector<Store> nss_stores(std::filesystem::path const& home);

/// Whether there is a database in its folder.
bool exists(Store const& nss_store);

} // namespace alert40::app::trust
