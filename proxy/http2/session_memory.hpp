#pragma once

#include <nghttp2/nghttp2.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>

namespace alert40::proxy::http2 {

/// What a server's session takes its memory from, so that an idle connection keeps little. Two pieces are
/// large:
///
/// The buffer in which nghttp2 builds the frame that it sends, 16 KiB. Nothing is in it between two turns,
/// since a Connection takes all that nghttp2_session_mem_send has, so the server sessions of a thread share
/// one. (A client's begins with the preface already in it.)
///
/// The table of its streams, 4 KiB, which are zeros while there are none: pages that the system can have
/// until they are written to again.
class SessionMemory {
  public:
    SessionMemory();

    /// For one new session, which it has to outlive.
    nghttp2_mem allocator();

    /// No stream is open: gives the pages of the table back, if indeed they are all zeros.
    void rest() noexcept;

  private:
    struct Functions;
    using FrameBuffer = std::array<std::uint8_t, 20 * 1024>;

    void* lend(std::size_t size);
    void* take_pages(std::size_t size);

    static std::shared_ptr<FrameBuffer> frame_buffer_of_thread();

    std::shared_ptr<FrameBuffer> const frame_buffer_;
    std::span<std::uint8_t> pages_;
    bool lent_ = false;
};

} // namespace alert40::proxy::http2
