#include "policy/parse/context.hpp"

#include "policy/limits.hpp"

#include <algorithm>
#include <tuple>

namespace alert40::policy::parse {

std::filesystem::path Context::resolve(std::string_view path) const {
    return (file_.parent_path() / std::filesystem::path(path)).lexically_normal();
}

void Context::add(std::vector<Problem>& to, Position at, std::string_view message) {
    if (to.size() < limits::problems) to.push_back({file_.string(), at.line, at.column, printable(message)});
}

std::vector<Problem> Context::sorted(std::vector<Problem> problems) {
    std::stable_sort(problems.begin(), problems.end(), [](Problem const& a, Problem const& b) {
        return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    return problems;
}

std::string printable(std::string_view text) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; },
        '?');
    return out;
}

std::string in_quotes(std::string_view text) {
    return '"' + printable(text.substr(0, 100)) + (text.size() > 100 ? "...\"" : "\"");
}

} // namespace alert40::policy::parse
