#include "policy/request_match.hpp"

#include <algorithm>

namespace alert40::policy {
namespace {

/// Each "*" of the pattern stands for any run of characters. Linear but for one step back a character.
bool fits(std::string_view pattern, std::string_view text) {
    auto star = std::string_view::npos;
    std::size_t p = 0, t = 0, tried = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            tried = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++tried;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

} // namespace

bool RequestMatch::matches(std::string_view method, std::string_view path) const {
    auto const bare = path.substr(0, path.find('?'));
    bool const method_fits = methods.empty() || std::ranges::find(methods, method) != methods.end();
    return method_fits && (paths.empty() || std::ranges::any_of(paths, [&](std::string const& pattern) {
                               return fits(pattern, bare);
                           }));
}

} // namespace alert40::policy
