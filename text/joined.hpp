#pragma once

#include <string>
#include <string_view>

namespace alert40::text {

/// "a, b, c"
template <class Words>
std::string joined(Words const& words, std::string_view between = ", ") {
    std::string out;
    bool first = true;
    for (auto const& word : words) {
        if (!first) out.append(between);
        out.append(word);
        first = false;
    }
    return out;
}

} // namespace alert40::text
