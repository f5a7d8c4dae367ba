#include "app/shell/syntax.hpp"

#include <algorithm>
#include <cctype>

namespace alert40::app::shell {

namespace {

struct Name {
    std::string_view name;
    Kind kind;
};

constexpr Name names[] = {{"bash", Kind::posix},      {"zsh", Kind::posix},
                          {"sh", Kind::posix},        {"fish", Kind::fish},
                          {"pwsh", Kind::powershell}, {"powershell", Kind::powershell}};

/// Inside single quotes: how a single quote is written, and a backslash.
struct Quoting {
    std::string_view quote, backslash;
};

// In the order of Kind.
constexpr Quoting quotings[] = {{"'\\''", "\\"}, {"\\'", "\\\\"}, {"''", "\\"}};

bool is_plain(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("-_./:=@%+,").find(c) != std::string_view::npos;
}

} // namespace

std::optional<Kind> kind_named(std::string_view name) {
    auto const* const found = std::ranges::find(names, name, &Name::name);
    return found == std::end(names) ? std::nullopt : std::optional(found->kind);
}

std::string quoted(Kind kind, std::string_view text) {
    bool const bare = !text.empty() && kind != Kind::powershell && std::ranges::all_of(text, is_plain);
    if (bare) return std::string(text);
    auto const& quoting = quotings[static_cast<std::size_t>(kind)];
    std::string out = "'";
    for (char const c : text) {
        if (c == '\'')
            out += quoting.quote;
        else if (c == '\\')
            out += quoting.backslash;
        else
            out += c;
    }
    return out + "'";
}

std::string set_line(Kind kind, std::string_view name, std::string_view value) {
    auto const word = quoted(kind, value);
    switch (kind) {
    case Kind::posix: return "export " + std::string(name) + "=" + word + '\n';
    case Kind::fish: return "set -gx " + std::string(name) + " " + word + '\n';
    case Kind::powershell: return "$env:" + std::string(name) + " = " + word + '\n';
    }
    return {};
}

std::string unset_line(Kind kind, std::string_view name) {
    switch (kind) {
    case Kind::posix: return "unset " + std::string(name) + '\n';
    case Kind::fish: return "set -e " + std::string(name) + '\n';
    case Kind::powershell: return "Remove-Item Env:" + std::string(name) + " -ErrorAction SilentlyContinue\n";
    }
    return {};
}

std::string comment(std::string_view text) {
    std::string out = "# ";
    for (char const c : text)
        out += c == '\n' ? std::string("\n# ") : std::string(1, c);
    return out + '\n';
}

} // namespace alert40::app::shell
