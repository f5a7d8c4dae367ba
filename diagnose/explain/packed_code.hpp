#pragma once

#include "diagnose/explain/words/speaker.hpp"
#include "diagnose/explain/words/subject.hpp"

#include <cstdint>
#include <optional>

namespace alert40::explain {

/// An error code of OpenSSL or BoringSSL, whose layout tells who packed it: `14094410` is OpenSSL 1 (library
/// 0x14, function, reason), `0A000410` OpenSSL 3 (library 20 << 23, reason), `10000410` BoringSSL (library
/// 0x10, reason).
struct PackedCode {
    Family family = Family::none;
    std::uint32_t reason = 0;
    std::optional<Subject> subject; ///< nothing where the reason is one that says little

    bool operator==(PackedCode const&) const = default;
};

/// Nothing where the code is of another library than the one for TLS.
std::optional<PackedCode> unpack(std::uint32_t code);

} // namespace alert40::explain
