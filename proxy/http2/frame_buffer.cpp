#include "proxy/http2/frame_buffer.hpp"

#include <cstdlib>

namespace alert40::proxy::http2 {

struct FrameBuffer::Functions {
    static FrameBuffer& buffer(void* user_data) { return *static_cast<FrameBuffer*>(user_data); }

    static void* malloc(std::size_t size, void* user_data) {
        return buffer(user_data).lends(size) ? buffer(user_data).bytes_.data() : std::malloc(size);
    }

    static void* realloc(void* old, std::size_t size, void* user_data) {
        return old ? std::realloc(old, size) : malloc(size, user_data);
    }

    static void* calloc(std::size_t count, std::size_t size, void*) { return std::calloc(count, size); }

    static void free(void* memory, void* user_data) {
        if (memory != buffer(user_data).bytes_.data()) std::free(memory);
    }
};

std::shared_ptr<FrameBuffer> FrameBuffer::of_thread() {
    thread_local auto const buffer = std::make_shared<FrameBuffer>();
    return buffer;
}

nghttp2_mem FrameBuffer::allocator() {
    return {this, Functions::malloc, Functions::free, Functions::calloc, Functions::realloc};
}

} // namespace alert40::proxy::http2
