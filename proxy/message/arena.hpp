#pragma once

#include "bytes/block_pool.hpp"

#include <cstddef>
#include <string_view>

namespace alert40::proxy {

/// Text that lives as long as a message: copied in once, at addresses that never move, given back all at
/// once. Blocks come from the thread's pool, each begins with the one before it; an empty arena owns none.
/// One thread.
class Arena {
  public:
    Arena() = default;

    ~Arena() { clear(); }

    Arena(Arena&& other) noexcept;
    Arena& operator=(Arena&& other) noexcept;
    Arena(Arena const&) = delete;
    Arena& operator=(Arena const&) = delete;

    /// Room for `n` characters, to be written by the caller.
    char* take(std::size_t n) {
        if (left_ < n) add_block(n);
        char* const at = next_;
        next_ += n;
        left_ -= n;
        used_ += n;
        return at;
    }

    std::string_view copy(std::string_view text);
    /// `a` and `b` and `c` in one piece.
    std::string_view join(std::string_view a, std::string_view b, std::string_view c = {});

    /// What was taken since the last `clear`: the owner bounds it.
    std::size_t used() const { return used_; }

    void clear() noexcept;

  private:
    void add_block(std::size_t at_least);

    bytes::Block last_; ///< the one that is being filled
    char* next_ = nullptr;
    std::size_t left_ = 0;
    std::size_t used_ = 0;
};

} // namespace alert40::proxy
