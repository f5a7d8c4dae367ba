#include "record/worded.hpp"

#include "record/limits.hpp"
#include "record/printable.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace alert40::record {

namespace {

/// As it can stand in a command that is copied to a shell: what an app asked for may be any text.
std::string one_word(std::string const& text, std::string_view otherwise) {
    auto const harmless = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_' ||
               c == ':';
    };
    auto const safe =
        !text.empty() && text.front() != '-' && text.size() <= 253 && std::ranges::all_of(text, harmless);
    return safe ? text : std::string{otherwise};
}

std::string host(Evidence const& evidence) {
    return one_word(evidence.host, "HOST");
}

/// A copy that flags changed ("http1+flags") is not a name that a command can say.
std::string step(Evidence const& evidence) {
    return one_word(evidence.step.substr(0, evidence.step.find('+')), "PROFILE");
}

std::string shown(std::string const& text) {
    return printable(text, limits::shown_text);
}

struct Blank {
    std::string_view name;
    std::string (*filling)(Evidence const&);
};

constexpr auto blanks = std::to_array<Blank>({
    {"{host}", host},
    {"{suites}", [](Evidence const& evidence) { return shown(evidence.suites); }},
    {"{versions}", [](Evidence const& evidence) { return shown(evidence.versions); }},
    {"{answered}", [](Evidence const& evidence) { return shown(evidence.answered); }},
    {"{valid}", [](Evidence const& evidence) { return one_word(evidence.valid, "2026-01-01T00:00:00Z"); }},
    {"{via}", [](Evidence const& evidence) { return shown(evidence.via); }},
    {"{step}", step},
    {"{issuer}", [](Evidence const& evidence) { return shown(evidence.issuer); }},
    {"{objection}", [](Evidence const& evidence) { return shown(evidence.objection); }},
});

} // namespace

std::string worded(std::string_view sentence, Evidence const& evidence) {
    std::string text;
    while (!sentence.empty()) {
        auto const* const blank = std::ranges::find_if(
            blanks, [&](Blank const& candidate) { return sentence.starts_with(candidate.name); });
        if (blank == blanks.end())
            text += sentence.front();
        else
            text += blank->filling(evidence);
        sentence.remove_prefix(blank == blanks.end() ? 1 : blank->name.size());
    }
    return text;
}

} // namespace alert40::record
