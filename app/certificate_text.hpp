#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace alert40::app {

/// The bytes of the first certificate of a PEM text (RFC 7468). Nothing: there is none, or it is broken.
std::optional<std::string> der_of(std::string_view pem);

} // namespace alert40::app
