#include "app/lab/entry.hpp"

#include "app/lab/built_in_files.hpp"

namespace alert40::app::lab {
namespace {

constexpr std::string_view remedy_begins = "Mended by: ";

/// The first line, which `text` loses.
std::string_view take_line(std::string_view& text) {
    auto const end = text.find('\n');
    auto const line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    return line;
}

void append_words(std::string& sentence, std::string_view words) {
    if (!sentence.empty()) sentence += ' ';
    sentence += words;
}

} // namespace

Entry parse_entry(std::string_view name, std::string_view text) {
    Entry entry{std::string(name), "", "", ""};
    auto* sentence = &entry.shows;
    while (text.starts_with("# ")) {
        auto words = take_line(text).substr(2);
        if (words.starts_with(remedy_begins)) {
            sentence = &entry.mended_by;
            words.remove_prefix(remedy_begins.size());
        }
        append_words(*sentence, words);
    }
    entry.rules = text;
    if (entry.shows.empty() || entry.mended_by.empty())
        throw WrongEntry(entry.name + ": it begins with comments that say what it shows, and \"" +
                         std::string(remedy_begins) + "...\"");
    return entry;
}

std::vector<Entry> const& built_in_entries() {
    static std::vector<Entry> const entries = [] {
        std::vector<Entry> all;
        for (auto const& [name, text] : built_in_files)
            all.push_back(parse_entry(name, text));
        return all;
    }();
    return entries;
}

} // namespace alert40::app::lab
