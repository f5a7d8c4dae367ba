#pragma once

#include "tls/engine/transcript.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace alert40::tls::engine {

/// Looks at the first bytes that the peer sends: are they TLS at all?
class AnswerStart {
  public:
    /// `ours` is this end, the one that reads.
    explicit AnswerStart(End ours)
        : ours_(ours) {}

    /// The next bytes of the peer. What they look like, for a person, when they are no TLS record:
    /// "not TLS but HTTP: the answer starts with `HTTP/1.1 400 Bad Request`".
    std::optional<std::string> look(std::span<std::uint8_t const> bytes);

  private:
    End ours_;
    std::array<std::uint8_t, 2> seen_{}; ///< content type, major version
    std::size_t size_ = 0;
};

} // namespace alert40::tls::engine
