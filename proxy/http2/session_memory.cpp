#include "proxy/http2/session_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace alert40::proxy::http2 {
namespace {

constexpr std::size_t frame_payload = 16 * 1024; ///< all else in a new session is far below

bool is_whole_pages(std::size_t size) {
    static auto const page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return size >= page && size % page == 0;
}

} // namespace

struct SessionMemory::Functions {
    static SessionMemory& owner(void* user_data) { return *static_cast<SessionMemory*>(user_data); }

    static void* malloc(std::size_t size, void* user_data) {
        auto* const lent = owner(user_data).lend(size);
        return lent ? lent : std::malloc(size);
    }

    static void* realloc(void* old, std::size_t size, void* user_data) {
        return old ? std::realloc(old, size) : malloc(size, user_data);
    }

    static void* calloc(std::size_t count, std::size_t size, void* user_data) {
        bool const pages = count > 1 && is_whole_pages(count * size);
        return pages ? owner(user_data).take_pages(count * size) : std::calloc(count, size);
    }

    static void free(void* memory, void* user_data) {
        auto& mine = owner(user_data);
        if (memory == mine.pages_.data()) mine.pages_ = {};
        if (memory != mine.frame_buffer_->data()) std::free(memory);
    }
};

SessionMemory::SessionMemory()
    : frame_buffer_(frame_buffer_of_thread()) {}

std::shared_ptr<SessionMemory::FrameBuffer> SessionMemory::frame_buffer_of_thread() {
    thread_local auto const buffer = std::make_shared<FrameBuffer>();
    return buffer;
}

nghttp2_mem SessionMemory::allocator() {
    return {this, Functions::malloc, Functions::free, Functions::calloc, Functions::realloc};
}

/// The first piece of that size.
void* SessionMemory::lend(std::size_t size) {
    if (lent_ || size < frame_payload || size > frame_buffer_->size()) return nullptr;
    lent_ = true;
    return frame_buffer_->data();
}

/// A table that grows is taken before the old one is freed: the last one counts.
void* SessionMemory::take_pages(std::size_t size) {
    auto* const pages = std::aligned_alloc(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)), size);
    if (!pages) return nullptr;
    std::memset(pages, 0, size);
    pages_ = {static_cast<std::uint8_t*>(pages), size};
    return pages;
}

void SessionMemory::rest() noexcept {
    bool const zeros = std::all_of(pages_.begin(), pages_.end(), [](std::uint8_t byte) { return byte == 0; });
    if (zeros && !pages_.empty()) ::madvise(pages_.data(), pages_.size(), MADV_DONTNEED);
}

} // namespace alert40::proxy::http2
