#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace alert40::tls {

/// How the bytes of a ClientHello are changed on their way, behind the back of whoever made it: the two ends
/// then disagree about the transcript, and no handshake survives that (RFC 8446 section 4.4.1). A value.
struct HelloEdit {
    std::vector<std::uint16_t> without_extensions{}; ///< numbers of the extensions that are left out
    bool reversed = false; ///< the extensions in reverse order, pre_shared_key still last
    /// What ALPN says instead; an empty list takes the extension away.
    std::optional<std::vector<std::string>> alpn{};

    bool operator==(HelloEdit const&) const = default;

    bool changes_nothing() const { return without_extensions.empty() && !reversed && !alpn; }
};

} // namespace alert40::tls
