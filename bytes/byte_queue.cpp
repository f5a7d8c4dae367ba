#include "bytes/byte_queue.hpp"

#include <cstring>
#include <utility>

namespace alert40::bytes {

ByteQueue::ByteQueue(ByteQueue&& other) noexcept
    : block_(std::exchange(other.block_, {}))
    , begin_(std::exchange(other.begin_, 0))
    , end_(std::exchange(other.end_, 0)) {}

ByteQueue& ByteQueue::operator=(ByteQueue&& other) noexcept {
    std::swap(block_, other.block_);
    std::swap(begin_, other.begin_);
    std::swap(end_, other.end_);
    return *this;
}

void ByteQueue::append(std::span<std::uint8_t const> bytes) {
    if (bytes.empty()) return;
    std::memcpy(prepare(bytes.size()).data(), bytes.data(), bytes.size());
    commit(bytes.size());
}

void ByteQueue::clear() {
    give_block(std::exchange(block_, {}));
    begin_ = end_ = 0;
}

void ByteQueue::make_room(std::size_t n) {
    auto const waiting = size();
    if (block_.size - waiting >= n && begin_ >= waiting) { // the front is free and moving does not overlap
        std::memcpy(block_.data, block_.data + begin_, waiting);
    } else {
        auto const larger = take_block(waiting + n);
        if (waiting) std::memcpy(larger.data, block_.data + begin_, waiting);
        give_block(block_);
        block_ = larger;
    }
    begin_ = 0;
    end_ = waiting;
}

} // namespace alert40::bytes
