#pragma once

#include <cstddef>
#include <cstdint>

namespace alert40::bytes {

/// Memory blocks of a few fixed sizes, kept by each thread for its next user.
///
/// A connection holds blocks only while bytes are in them, so an idle connection costs none; taking one back
/// out is a pointer pop. Blocks may be given back on another thread than they came from.
struct Block {
    std::uint8_t* data = nullptr;
    std::size_t size = 0;
};

inline constexpr std::size_t smallest_block = 2048;

/// A block of at least `at_least` bytes: a power of two from `smallest_block` up. Throws std::bad_alloc.
Block take_block(std::size_t at_least);

/// Gives a block back; `Block{}` is allowed.
void give_block(Block block) noexcept;

} // namespace alert40::bytes
