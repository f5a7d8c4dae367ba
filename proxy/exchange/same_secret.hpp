#pragma once

#include <string_view>

namespace alert40::proxy {

/// Compares in time that depends on the lengths only.
bool same_secret(std::string_view shown, std::string_view known);

} // namespace alert40::proxy
