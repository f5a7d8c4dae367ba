#include "proxy/message/arena.hpp"

#include <cstring>
#include <utility>

namespace alert40::proxy {

Arena::Arena(Arena&& other) noexcept
    : last_(std::exchange(other.last_, {}))
    , next_(std::exchange(other.next_, nullptr))
    , left_(std::exchange(other.left_, 0))
    , used_(std::exchange(other.used_, 0)) {}

Arena& Arena::operator=(Arena&& other) noexcept {
    std::swap(last_, other.last_);
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
    while (last_.data) {
        bytes::Block before;
        std::memcpy(&before, last_.data, sizeof before);
        bytes::give_block(std::exchange(last_, before));
    }
    next_ = nullptr;
    left_ = 0;
    used_ = 0;
}

void Arena::add_block(std::size_t at_least) {
    auto const block = bytes::take_block(sizeof last_ + at_least);
    std::memcpy(block.data, &last_, sizeof last_);
    last_ = block;
    next_ = reinterpret_cast<char*>(block.data) + sizeof last_;
    left_ = block.size - sizeof last_;
}

} // namespace alert40::proxy
