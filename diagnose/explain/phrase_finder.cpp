#include "diagnose/explain/phrase_finder.hpp"

#include "diagnose/explain/words/sign.hpp"

#include <cassert>
#include <numeric>

namespace alert40::explain {

/// States are numbered as they are made; 0 is the root, and the number of one that is not there.
struct PhraseFinder::Trie {
    explicit Trie(std::uint32_t width)
        : classes{width} {
        add_state();
    }

    std::uint16_t add_state() {
        next.resize(next.size() + classes, 0);
        phrase.push_back(none);
        suffix.push_back(0);
        assert(phrase.size() < none);
        return static_cast<std::uint16_t>(phrase.size() - 1);
    }

    std::uint16_t& step(std::uint32_t state, std::uint32_t symbol) { return next[state * classes + symbol]; }

    /// Breadth first: fills the steps that are missing, and says in which order the states were reached.
    std::vector<std::uint16_t> complete() {
        std::vector<std::uint16_t> order{0};
        for (std::size_t at = 0; at < order.size(); ++at) {
            auto const state = order[at];
            for (std::uint32_t symbol = 0; symbol < classes; ++symbol) {
                auto const otherwise = state == 0 ? std::uint16_t{0} : step(suffix[state], symbol);
                auto const child = step(state, symbol);
                if (child == 0) {
                    step(state, symbol) = otherwise;
                } else {
                    suffix[child] = otherwise;
                    order.push_back(child);
                }
            }
        }
        return order;
    }

    std::uint32_t classes;
    std::vector<std::uint16_t> next, phrase, suffix;
};

PhraseFinder::PhraseFinder(std::span<std::string_view const> phrases) {
    for (auto const phrase : phrases)
        for (auto const c : phrase)
            if (auto& symbol = class_of_[static_cast<unsigned char>(c)]; symbol == 0)
                symbol = static_cast<std::uint8_t>(classes_++);
    for (std::size_t c = 0; c < class_of_.size(); ++c) {
        auto const same = static_cast<unsigned char>(folded(static_cast<char>(c)));
        if (same != c) class_of_[c] = class_of_[same];
    }

    Trie trie{classes_};
    for (std::size_t i = 0; i < phrases.size(); ++i) {
        std::uint16_t state = 0;
        for (auto const c : phrases[i]) {
            assert(folded(c) == c);
            auto const symbol = class_of_[static_cast<unsigned char>(c)];
            if (trie.step(state, symbol) == 0) {
                auto const child = trie.add_state();
                trie.step(state, symbol) = child;
            }
            state = trie.step(state, symbol);
        }
        assert(state != 0 && trie.phrase[state] == none);
        trie.phrase[state] = static_cast<std::uint16_t>(i);
    }
    auto const order = trie.complete();

    // Where something ends comes last, so that one comparison tells.
    auto const states = trie.phrase.size();
    std::vector<std::uint16_t> shorter(states, 0);
    std::vector<bool> ending(states, false);
    for (auto const state : order) {
        auto const suffix = trie.suffix[state];
        shorter[state] = trie.phrase[suffix] != none ? suffix : shorter[suffix];
        ending[state] = trie.phrase[state] != none || shorter[state] != 0;
    }
    std::vector<std::uint16_t> renumbered(states, 0);
    std::uint16_t number = 0;
    for (bool const last : {false, true}) {
        if (last) first_ending_ = number;
        for (std::size_t state = 0; state < states; ++state)
            if (ending[state] == last) renumbered[state] = number++;
    }

    next_.resize(trie.next.size());
    phrase_.resize(states);
    shorter_.resize(states);
    for (std::size_t state = 0; state < states; ++state) {
        auto const to = renumbered[state];
        for (std::uint32_t symbol = 0; symbol < classes_; ++symbol)
            next_[to * classes_ + symbol] = renumbered[trie.next[state * classes_ + symbol]];
        phrase_[to] = trie.phrase[state];
        shorter_[to] = renumbered[shorter[state]];
    }
}

} // namespace alert40::explain
