#pragma once

#include "diagnose/hello/comparison.hpp"

#include <algorithm>
#include <concepts>
#include <optional>

namespace alert40::diagnose {

/// Whether these differences, and none but these, show what is looked for; nothing: that has to be found out
/// first.
template <class F>
concept Shows = std::invocable<F&, Subset const&> &&
    std::convertible_to<std::invoke_result_t<F&, Subset const&>, std::optional<bool>>;

/// One of `parts` nearly equal parts of a subset.
inline Subset part_of(Subset const& whole, std::size_t number, std::size_t parts) {
    auto const at = [&](std::size_t n) {
        return whole.begin() + static_cast<std::ptrdiff_t>(whole.size() * n / parts);
    };
    return {at(number), at(number + 1)};
}

inline Subset less(Subset const& whole, Subset const& taken) {
    Subset out;
    std::ranges::set_difference(whole, taken, std::back_inserter(out));
    return out;
}

inline Subset together(Subset const& one, Subset const& other) {
    Subset out;
    std::ranges::set_union(one, other, std::back_inserter(out));
    return out;
}

/// A subset of `whole`, which shows it, that still shows it and no longer does without any one of its members
/// (ddmin: Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002). It asks nothing
/// about the empty subset.
///
/// It keeps no state: when `shows` knows nothing yet, nothing is returned, and the same call later, with one
/// answer more, comes as far as that leads.
template <Shows F>
std::optional<Subset> minimal_subset(Subset whole, F shows) {
    for (std::size_t parts = 2; whole.size() > 1;) {
        std::optional<Subset> smaller;
        bool of_one_part = false;
        for (std::size_t i = 0; i < parts && !smaller; ++i) {
            auto part = part_of(whole, i, parts);
            auto const shown = shows(part);
            if (!shown) return std::nullopt;
            of_one_part = *shown;
            if (*shown) smaller = std::move(part);
        }
        for (std::size_t i = 0; parts > 2 && i < parts && !smaller; ++i) {
            auto rest = less(whole, part_of(whole, i, parts));
            auto const shown = shows(rest);
            if (!shown) return std::nullopt;
            if (*shown) smaller = std::move(rest);
        }
        if (!smaller && parts == whole.size()) break;
        if (!smaller)
            parts = std::min(2 * parts, whole.size());
        else
            parts = of_one_part ? 2 : std::max<std::size_t>(parts - 1, 2);
        if (smaller) whole = *std::move(smaller);
    }
    return whole;
}

} // namespace alert40::diagnose
