#include "app/pointing/memory.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace alert40::app::pointing {

namespace json = boost::json;

Memory::Memory(Environment environment)
    : environment_(std::move(environment)) {
    boost::system::error_code error;
    auto const value = json::parse(environment_(variable), error);
    if (error || !value.is_object()) return;
    for (auto const& [name, change] : value.get_object()) {
        auto const* const pair = change.if_array();
        if (pair && pair->size() == 2 && (*pair)[0].is_string() && (*pair)[1].is_string())
            changes_[name] = {json::value_to<std::string>((*pair)[0]),
                              json::value_to<std::string>((*pair)[1])};
    }
}

bool Memory::is_ours(std::string const& name) const {
    auto const found = changes_.find(name);
    return found != changes_.end() && found->second.given == environment_(name);
}

std::string Memory::before(std::string const& name) const {
    return is_ours(name) ? changes_.at(name).before : environment_(name);
}

Variable Memory::with(std::vector<Variable> const& given) const {
    json::object all;
    for (auto const& [name, change] : changes_)
        if (is_ours(name)) all[name] = json::array{change.before, change.given};
    for (auto const& [name, value] : given)
        all[name] = json::array{before(name), value};
    return {variable, json::serialize(all)};
}

std::string Memory::without(std::vector<std::string> const& names) const {
    json::object rest;
    for (auto const& [name, change] : changes_)
        if (is_ours(name) && std::ranges::find(names, name) == names.end())
            rest[name] = json::array{change.before, change.given};
    return rest.empty() ? "" : json::serialize(rest);
}

Memory::Fate Memory::fate(std::string const& name) const {
    if (!knows(name)) return Fate::unset;
    if (!is_ours(name)) return Fate::keep;
    return before(name).empty() ? Fate::unset : Fate::restore;
}

} // namespace alert40::app::pointing
