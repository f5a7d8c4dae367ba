#pragma once

#include "tls/failure.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace alert40::diagnose {

/// What one GET over an established connection came to. Times count from its first byte.
struct Visited {
    std::string protocol;               ///< "h2" or "http/1.1"
    int status = 0;                     ///< of the final response; 0: none came
    std::size_t body_bytes = 0;         ///< as far as it was read
    unsigned body_pieces = 0;           ///< reads, or DATA frames, in which it came
    bool complete = false;              ///< the body ended where the response said
    std::string date = {};              ///< of the final response, as it was sent (RFC 9110 section 6.6.1)
    bool settings_acknowledged = false; ///< h2: the peer has acknowledged our SETTINGS
    std::optional<std::uint32_t> initial_window =
        {}; ///< h2: SETTINGS_INITIAL_WINDOW_SIZE of the peer, if it sent it
    std::optional<std::chrono::microseconds> first_byte = {}, first_body = {}, last_body = {};
    std::optional<tls::Failure> failure = {}; ///< why there is no final response, or no end of its
                                              ///< body, or why it is a refusal

    bool operator==(Visited const&) const = default;
};

} // namespace alert40::diagnose
