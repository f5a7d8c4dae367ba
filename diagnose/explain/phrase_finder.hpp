#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace alert40::explain {

/// Finds every occurrence of many phrases in one pass over a text, however many there are (Aho and Corasick,
/// 1975). Bytes are compared as `folded` in sign.hpp writes them. Made once; finding changes nothing, so
/// threads can share it.
class PhraseFinder {
  public:
    /// `phrases` are folded already, not empty, and no two of them are alike.
    explicit PhraseFinder(std::span<std::string_view const> phrases);

    /// Calls found(index, end) for each phrase that ends before text[end], in the order of their ends.
    template <typename Found>
    void find(std::string_view text, Found&& found) const {
        std::uint32_t state = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            state = next_[state * classes_ + class_of_[static_cast<unsigned char>(text[i])]];
            if (state < first_ending_) continue;
            for (auto at = state; at != 0; at = shorter_[at])
                if (phrase_[at] != none) found(std::size_t{phrase_[at]}, i + 1);
        }
    }

  private:
    static constexpr std::uint16_t none = 0xffff;

    struct Trie;

    std::array<std::uint8_t, 256> class_of_{};
    std::uint32_t classes_ = 1;          ///< class 0: bytes that are in no phrase
    std::vector<std::uint16_t> next_;    ///< by state and class
    std::vector<std::uint16_t> phrase_;  ///< by state: the one that ends there, or none
    std::vector<std::uint16_t> shorter_; ///< by state: the longest proper suffix at which a phrase ends, or 0
    std::uint32_t first_ending_ = 0;     ///< from this state on something ends in each
};

} // namespace alert40::explain
