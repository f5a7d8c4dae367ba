#pragma once

#include "diagnose/inventory/inventory.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace alert40::diagnose {

/// For a person at a terminal of `width` columns: what is noteworthy first, then the lists.
std::string inventory_text(Inventory const& inventory, std::size_t width);

/// One JSON object.
std::string inventory_json(Inventory const& inventory);

std::string_view name_of(Decides decides); ///< "server", "client", "unknown"
std::string_view
name_of(UnknownProtocol unknown_protocol);       ///< "refused", "passed-over", "answered", "unknown"
std::string version_text(std::uint16_t version); ///< "TLS 1.2", "SSL 3.0"

} // namespace alert40::diagnose
