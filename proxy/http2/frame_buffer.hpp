#pragma once

#include <nghttp2/nghttp2.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace alert40::proxy::http2 {

/// The buffer in which nghttp2 builds the frame that it sends: 16 KiB a session, of which an idle connection
/// would keep at least a page. Nothing is in it between two turns, since a Connection takes all that
/// nghttp2_session_mem_send has, so the server sessions of a thread share one. (A client's begins with the
/// preface already in it.)
class FrameBuffer {
  public:
    /// This thread's.
    static std::shared_ptr<FrameBuffer> of_thread();

    /// The allocator for a new session, which asks for its buffer before `lend` is over.
    nghttp2_mem allocator();

    /// While it exists, the one large piece of memory that nghttp2 asks for is this.
    class Lend {
      public:
        explicit Lend(FrameBuffer& buffer)
            : buffer_(buffer) {
            buffer_.lending_ = true;
        }

        ~Lend() { buffer_.lending_ = false; }

        Lend(Lend const&) = delete;
        Lend& operator=(Lend const&) = delete;

      private:
        FrameBuffer& buffer_;
    };

  private:
    struct Functions;

    bool lends(std::size_t size) const { return lending_ && size >= smallest && size <= bytes_.size(); }

    static constexpr std::size_t smallest =
        16 * 1024; ///< a frame's payload; all else in a new session is far below

    std::array<std::uint8_t, 20 * 1024> bytes_;
    bool lending_ = false;
};

} // namespace alert40::proxy::http2
