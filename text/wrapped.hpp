#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace alert40::text {

/// `text` broken at its blanks into lines of at most `width` columns, where a word allows it: the first line
/// begins with `first`, each other one with `next`. No newline at the end.
inline std::string wrapped(std::string_view text, std::size_t width, std::string_view first,
                           std::string_view next) {
    std::string out(first);
    auto column = first.size();
    bool begun = false;
    while (!text.empty()) {
        auto const word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (begun && column + 1 + word.size() > width) {
            out.append("\n").append(next);
            column = next.size();
        } else if (begun) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
        begun = true;
    }
    return out;
}

} // namespace alert40::text
