#pragma once

#include "proxy/message/message.hpp"

#include <cstdint>

namespace alert40::proxy::http1 {

/// How the end of a body is found on the wire (RFC 9112 section 6.3).
struct Framing {
    enum class Kind : std::uint8_t { none, length, chunked, until_close };
    Kind kind = Kind::none;
    std::uint64_t length = 0; ///< for `length`

    static Framing none() { return {}; }

    static Framing of_length(std::uint64_t n) { return {Kind::length, n}; }

    static Framing chunked() { return {Kind::chunked, 0}; }

    static Framing until_close() { return {Kind::until_close, 0}; }

    bool operator==(Framing const&) const = default;
};

/// What is said of it to those who do not speak HTTP/1.1.
inline BodyLength length_of(Framing framing) {
    switch (framing.kind) {
    case Framing::Kind::none: return BodyLength::none();
    case Framing::Kind::length: return BodyLength::known(framing.length);
    default: return BodyLength::unknown();
    }
}

} // namespace alert40::proxy::http1
