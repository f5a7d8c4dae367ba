#include "proxy/message/arena.hpp"

#include <cstring>
#include <utility>

namespace alert40::proxy {

Arena::Arena(Arena&& other) noexcept
    : blocks_(std::exchange(other.blocks_, {}))
    , next_(std::exchange(other.next_, nullptr))
    , left_(std::exchange(other.left_, 0))
    , used_(std::exchange(other.used_, 0)) {}

Arena& Arena::operator=(Arena&& other) noexcept {
    std::swap(blocks_, other.blocks_);
    std::swap(next_, other.next_);
    std::swap(left_, other.left_);
    std::swap(used_, other.used_);
    return *this;
}

std::string_view Arena::copy(std::string_view text) {
    if (text.empty()) return {};
    char* const at = take(text.size());
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
}

std::string_view Arena::join(std::string_view a, std::string_view b, std::string_view c) {
    auto const size = a.size() + b.size() + c.size();
    if (!size) return {};
    char* const at = take(size);
    char* end = at;
    for (auto const part : {a, b, c}) {
        if (!part.empty()) std::memcpy(end, part.data(), part.size());
        end += part.size();
    }
    return {at, size};
}

void Arena::clear() noexcept {
    for (auto const block : blocks_)
        bytes::give_block(block);
    blocks_.clear();
    next_ = nullptr;
    left_ = 0;
    used_ = 0;
}

void Arena::add_block(std::size_t at_least) {
    auto const block = bytes::take_block(at_least);
    blocks_.push_back(block);
    next_ = reinterpret_cast<char*>(block.data);
    left_ = block.size;
}

} // namespace alert40::proxy
