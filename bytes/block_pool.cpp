#include "bytes/block_pool.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <new>
#include <vector>

namespace alert40::bytes {
namespace {

constexpr std::size_t size_classes = 10;            // 2 KiB .. 1 MiB
constexpr std::size_t kept_per_class = 1024 * 1024; // bytes; more than this goes back to the allocator

std::size_t size_class_of(std::size_t block_size) {
    return static_cast<std::size_t>(std::countr_zero(block_size) - std::countr_zero(smallest_block));
}

struct FreeLists {
    std::array<std::vector<std::uint8_t*>, size_classes> lists;

    ~FreeLists() {
        for (auto& list : lists)
            for (auto* data : list)
                std::free(data);
    }
};

FreeLists& free_lists() {
    thread_local FreeLists lists;
    return lists;
}

} // namespace

Block take_block(std::size_t at_least) {
    auto const size = std::bit_ceil(std::max(at_least, smallest_block));
    auto const size_class = size_class_of(size);
    if (size_class < size_classes) {
        auto& list = free_lists().lists[size_class];
        if (!list.empty()) {
            auto* data = list.back();
            list.pop_back();
            return {data, size};
        }
    }
    auto* data = static_cast<std::uint8_t*>(std::malloc(size));
    if (!data) throw std::bad_alloc{};
    return {data, size};
}

void give_block(Block block) noexcept {
    if (!block.data) return;
    auto const size_class = size_class_of(block.size);
    if (size_class < size_classes) {
        auto& list = free_lists().lists[size_class];
        if (list.size() * block.size < kept_per_class) {
            try {
                list.push_back(block.data);
                return;
            } catch (std::bad_alloc const&) {
                // the list could not grow: the block goes back to the allocator
            }
        }
    }
    std::free(block.data);
}

} // namespace alert40::bytes
