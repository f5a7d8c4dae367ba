#include "app/manual.hpp"
#include "text/wrapped.hpp"

#include <algorithm>

namespace alert40::app {

namespace {

constexpr std::size_t text_column = 32;
constexpr std::size_t width = 100;

/// Words of `text` behind `column` of its first line, the other lines beginning there.
std::string wrapped(std::string_view text, std::size_t column) {
    std::string const margin(column, ' ');
    return text::wrapped(text, width, margin, margin).substr(column);
}

std::string row(std::string head, std::string_view text) {
    head = "  " + head;
    if (head.size() + 2 > text_column)
        head += '\n' + std::string(text_column, ' ');
    else
        head.resize(text_column, ' ');
    return head + wrapped(text, text_column) + '\n';
}

std::string head_of(Manual::Flag const& flag) {
    std::string head;
    for (auto const& spelling : flag.spellings)
        head += (head.empty() ? "" : ", ") + spelling;
    bool const positional = !flag.spellings.front().starts_with('-');
    if (!flag.value.empty() && !positional) head += ' ' + flag.value;
    return head;
}

std::string usage(Manual const& manual) {
    auto text = "usage: " + manual.name;
    if (!manual.subcommands.empty()) text += " COMMAND";
    if (!manual.flags.empty()) text += " [OPTIONS]";
    for (auto const& argument : manual.arguments)
        text += " [" + argument.spellings.front() + (argument.repeatable ? "...]" : "]");
    return text + '\n';
}

} // namespace

std::string help_text(Manual const& manual) {
    auto text = manual.name + ": " + manual.summary + "\n\n" + usage(manual);
    if (!manual.details.empty()) text += '\n' + wrapped(manual.details, 0) + '\n';
    if (!manual.subcommands.empty()) text += "\ncommands:\n";
    for (auto const& subcommand : manual.subcommands)
        text += row(std::string(own_name(subcommand)), subcommand.summary);
    if (!manual.arguments.empty()) text += "\narguments:\n";
    for (auto const& argument : manual.arguments)
        text += row(head_of(argument), argument.text);
    if (!manual.flags.empty()) text += "\noptions:\n";
    for (auto const& flag : manual.flags)
        text += row(head_of(flag), flag.text);
    if (!manual.examples.empty()) text += "\nexamples:\n" + manual.examples;
    return text;
}

} // namespace alert40::app
