#pragma once

#include "bytes/block_pool.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace alert40::bytes {

/// Bytes on their way out: appended at the back, consumed at the front, contiguous in one pooled block.
///
/// An empty queue owns no memory. Not thread-safe. Its users bound its size (see `limits.hpp` of their room).
class ByteQueue {
  public:
    ByteQueue() = default;

    ~ByteQueue() { give_block(block_); }

    ByteQueue(ByteQueue&& other) noexcept;
    ByteQueue& operator=(ByteQueue&& other) noexcept;
    ByteQueue(ByteQueue const&) = delete;
    ByteQueue& operator=(ByteQueue const&) = delete;

    bool empty() const { return begin_ == end_; }

    std::size_t size() const { return end_ - begin_; }

    /// The waiting bytes; valid until the next call that is not const.
    std::span<std::uint8_t const> data() const { return {block_.data + begin_, size()}; }

    /// The same, writable: for filling in what was left open (a chunk size, a frame header).
    std::span<std::uint8_t> mutable_data() { return {block_.data + begin_, size()}; }

    /// Room for at least `n` more bytes behind the last; write into it, then `commit` what was written.
    std::span<std::uint8_t> prepare(std::size_t n) {
        if (block_.size - end_ < n) make_room(n);
        return {block_.data + end_, block_.size - end_};
    }

    void commit(std::size_t n) {
        end_ += n;
        if (begin_ == end_) clear();
    }

    void append(std::span<std::uint8_t const> bytes);

    void append(std::string_view text) {
        append(std::span{reinterpret_cast<std::uint8_t const*>(text.data()), text.size()});
    }

    /// Drops `n` bytes from the front; the block is given back when none are left.
    void consume(std::size_t n) {
        begin_ += n;
        if (begin_ == end_) clear();
    }

    void clear();

  private:
    void make_room(std::size_t n);

    Block block_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace alert40::bytes
