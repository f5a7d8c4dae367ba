#include "policy/parse/context.hpp"

#include "policy/limits.hpp"

#include <algorithm>
#include <tuple>

namespace alert40::policy::parse {

std::filesystem::path Context::resolve(std::string_view path) const {
    return (file_.parent_path() / std::filesystem::path(path)).lexically_normal();
}

void Context::add(std::vector<Problem>& to, Position at, std::string message) {
    if (to.size() < limits::problems) to.push_back({file_.string(), at.line, at.column, std::move(message)});
}

std::vector<Problem> Context::sorted(std::vector<Problem> problems) {
    std::stable_sort(problems.begin(), problems.end(), [](Problem const& a, Problem const& b) {
        return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    return problems;
}

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (char const c : text.substr(0, 100)) {
        bool const control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        out += control ? '?' : c;
    }
    return out + (text.size() > 100 ? "...\"" : "\"");
}

} // namespace alert40::policy::parse
