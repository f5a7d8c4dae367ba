#pragma once

#include "diagnose/hello/hello.hpp"

#include <span>
#include <string>
#include <string_view>

/// What extensions of a ClientHello hold, written; tls/wire/extension.hpp reads it.
namespace alert40::diagnose {

/// One KeyShareEntry (RFC 8446 section 4.2.8).
struct KeyShare {
    std::uint16_t group = 0;
    Buffer key_exchange;

    bool operator==(KeyShare const&) const = default;
};

Buffer server_name_data(std::string_view host_name);
Buffer alpn_data(std::span<std::string const> names); ///< each of 1 to 255 bytes
Buffer key_share_data(std::span<KeyShare const> shares);
Buffer supported_versions_data(std::span<std::uint16_t const> versions); ///< 127 at most
/// Of supported_groups and signature_algorithms.
Buffer code_list_data(std::span<std::uint16_t const> codes);

} // namespace alert40::diagnose
