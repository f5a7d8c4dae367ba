#include "policy/parse/nearest.hpp"

#include "policy/limits.hpp"

#include <algorithm>
#include <array>

namespace alert40::policy::parse {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// One slip in a short word, one in three letters of a long one.
std::size_t tolerated(std::string_view typed) {
    return std::max<std::size_t>(1, typed.size() / 3);
}

} // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    if (std::max(a.size(), b.size()) > limits::name) return std::max(a.size(), b.size());
    // Three rows of the matrix: of i - 2, i - 1 and i letters of `a`.
    std::array<std::array<std::size_t, limits::name + 1>, 3> rows{};
    for (std::size_t j = 0; j <= b.size(); ++j)
        rows[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto& row = rows[i % 3];
        auto const& above = rows[(i + 2) % 3];
        auto const& before_above = rows[(i + 1) % 3];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t const differs = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + differs});
            bool const swapped =
                i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) row[j] = std::min(row[j], before_above[j - 2] + 1);
        }
    }
    return rows[a.size() % 3][b.size()];
}

std::string did_you_mean(std::string_view typed, std::span<std::string_view const> names) {
    std::string_view best;
    std::size_t least = std::min(tolerated(typed) + 1, typed.size());
    for (auto const name : names) {
        auto const distance = edit_distance(typed, name);
        if (distance >= least) continue;
        least = distance;
        best = name;
    }
    return best.empty() ? std::string() : "; did you mean \"" + std::string(best) + "\"?";
}

std::string did_you_mean(std::string_view typed, std::vector<std::string> const& names) {
    std::vector<std::string_view> const views(names.begin(), names.end());
    return did_you_mean(typed, std::span<std::string_view const>(views));
}

} // namespace alert40::policy::parse
