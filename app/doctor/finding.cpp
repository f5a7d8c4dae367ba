#include "app/doctor/finding.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace alert40::app::doctor {

namespace json = boost::json;

namespace {

// In the order of Finding::Level.
constexpr std::string_view names[] = {"ok", "note", "problem"};

json::string text(std::string_view from) {
    return json::string(from.data(), from.size());
}

} // namespace

std::string_view name_of(Finding::Level level) {
    return names[static_cast<std::size_t>(level)];
}

bool has_problem(Findings const& findings) {
    return std::ranges::any_of(findings,
                               [](auto const& one) { return one.level == Finding::Level::problem; });
}

std::string to_text(Findings const& findings) {
    constexpr std::size_t width = 9; // of "problem" and two spaces
    std::string out;
    for (auto const& finding : findings) {
        auto level = std::string(name_of(finding.level));
        level.resize(width, ' ');
        out += level + finding.about + ": " + finding.what + '\n';
        if (!finding.remedy.empty()) out += std::string(width, ' ') + "-> " + finding.remedy + '\n';
    }
    return out;
}

std::string to_json(std::string_view app, Findings const& findings) {
    json::array array;
    for (auto const& finding : findings)
        array.push_back(json::object{{"level", text(name_of(finding.level))},
                                     {"about", finding.about},
                                     {"what", finding.what},
                                     {"remedy", finding.remedy}});
    return json::serialize(json::object{
               {"app", text(app)}, {"ok", !has_problem(findings)}, {"findings", std::move(array)}}) +
           '\n';
}

} // namespace alert40::app::doctor
