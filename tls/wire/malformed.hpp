#pragma once

#include "bytes/reader.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace alert40::tls::wire {

using Bytes = std::span<std::uint8_t const>;

/// Bytes that are not what their place in TLS demands.
struct Malformed {
    enum class What : std::uint8_t {
        truncated,      ///< a field reaches past the end, or its length is out of bounds
        trailing_bytes, ///< something is left behind the last field
        too_long,       ///< longer than the protocol, or this program, allows
        illegal_value,  ///< a value that no version of TLS has there
        not_tls,        ///< no TLS record at all
    };
    What what = What::truncated;
    std::size_t offset = 0; ///< into what was parsed; for a stream, from its start

    bool operator==(Malformed const&) const = default;
};

template <class T>
using Result = boost::system::result<T, Malformed>;

/// What a reader that is not `finished` has to complain about.
inline Malformed malformed(bytes::Reader const& in) {
    return {in.failed() ? Malformed::What::truncated : Malformed::What::trailing_bytes, in.offset()};
}

} // namespace alert40::tls::wire
