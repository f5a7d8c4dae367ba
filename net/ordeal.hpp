#pragma once

#include "tls/alert.hpp"
#include "tls/hello_edit.hpp"
#include "tls/profile.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace alert40::net {

/// What becomes of the bytes of one direction, from some byte on.
struct PathFault {
    enum class Kind : std::uint8_t {
        silence,  ///< they are dropped, and nobody is told
        reset,    ///< RST to the origin; our side is cut
        close,    ///< FIN to the origin; our side is cut
        throttle, ///< they pass slowly
    };
    Kind kind = Kind::silence;
    tls::Direction direction = tls::Direction::sent; ///< sent: to the origin
    std::size_t after = 0;                           ///< bytes that pass as they are
    bool behind_hello = false; ///< `after` counts from the end of our ClientHello; else from the first byte
    std::size_t bytes_per_second = 0; ///< of `throttle`

    bool operator==(PathFault const&) const = default;
};

/// What one connection to an origin suffers on purpose, on its way. A value.
struct Ordeal {
    tls::HelloEdit edit{};
    tls::SplitHello split{};                   ///< of the hello
    std::chrono::milliseconds hello_delay{0};  ///< before its first part
    std::chrono::milliseconds split_pause{10}; ///< before its second one
    std::vector<PathFault> path{};

    bool operator==(Ordeal const&) const = default;

    /// Something depends on where the hello ends.
    bool touches_hello() const;
};

} // namespace alert40::net
