#pragma once

#include "bytes/byte_queue.hpp"
#include "net/byte_stream.hpp"
#include "proxy/message/limits.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace alert40::proxy::http1 {

/// Where bytes are received before anybody knows whose they are: one for all connections of the thread,
/// because none keeps anything in it.
inline std::span<std::uint8_t> scratch() {
    thread_local std::array<std::uint8_t, limits::read_bytes> bytes;
    return bytes;
}

/// Asked for when a body is read straight to its receiver: with room for a chunk's frame it still fits in one
/// block.
inline constexpr std::size_t largest_read = limits::read_bytes - 64;

/// What was received and could not be used yet: the beginning of a head, a pipelined request, a body whose
/// receiver is congested. Usually nothing, and then it owns no memory.
///
/// `take(bytes)` uses as much as it can and returns how much that was.
class ReadAhead {
  public:
    bool empty() const { return kept_.empty(); }

    std::size_t size() const { return kept_.size(); }

    /// Reads once, and offers what is here.
    template <typename Take>
    tls::engine::Status read(net::ByteStream& stream, Take take) {
        if (kept_.empty()) {
            auto const got = stream.read(scratch());
            if (got.status != tls::engine::Status::ok) return got.status;
            auto const bytes = scratch().first(got.bytes);
            auto const used = take(bytes);
            kept_.append(bytes.subspan(used));
            return got.status;
        }
        auto const got = stream.read(kept_.prepare(small_read));
        if (got.status != tls::engine::Status::ok) return got.status;
        kept_.commit(got.bytes);
        offer(take);
        return got.status;
    }

    /// Offers again what was left.
    template <typename Take>
    void offer(Take take) {
        if (kept_.empty()) return;
        auto const used = take(kept_.data());
        kept_.consume(used);
    }

  private:
    static constexpr std::size_t small_read = 4096; ///< on top of what waits

    bytes::ByteQueue kept_;
};

} // namespace alert40::proxy::http1
