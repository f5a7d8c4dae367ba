#pragma once

#include <string>
#include <vector>

namespace alert40::tls::engine {

/// "x25519:secp256r1", as OpenSSL takes lists.
inline std::string joined(std::vector<std::string> const& names) {
    std::string text;
    for (auto const& name : names) {
        if (!text.empty()) text += ':';
        text += name;
    }
    return text;
}

} // namespace alert40::tls::engine
