#pragma once

#include "bytes/byte_queue.hpp"
#include "proxy/http1/framing.hpp"
#include "proxy/message/fields.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace alert40::proxy::http1 {

/// Writes a body as its framing wants it, in place: the caller fills `space`, the chunk's size is put around
/// it afterwards. With `none`, what is written is dropped.
class BodyWriter {
  public:
    explicit BodyWriter(Framing framing = Framing::none())
        : framing_(framing) {}

    std::span<std::uint8_t> space(bytes::ByteQueue& out, std::size_t at_least);
    /// The first `n` bytes of the last space are body. More than the declared length are dropped.
    void written(bytes::ByteQueue& out, std::size_t n);
    /// False: the body is shorter than was declared, and only closing the connection can tell.
    bool end(bytes::ByteQueue& out, Fields const& trailers);

    Framing framing() const { return framing_; } ///< `length` is what is left

  private:
    Framing framing_;
    std::uint8_t size_digits_ = 0; ///< left open in front of the last space
};

} // namespace alert40::proxy::http1
