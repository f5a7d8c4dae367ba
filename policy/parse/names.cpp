#include "policy/limits.hpp"
#include "policy/parse/nearest.hpp"
#include "policy/parse/sections.hpp"

#include <algorithm>

namespace alert40::policy::parse {
namespace {

template <class Named>
std::vector<std::string> names_of(std::vector<Named> const& all) {
    std::vector<std::string> names;
    for (auto const& one : all)
        names.push_back(one.name);
    return names;
}

} // namespace

std::vector<std::string> profile_names(Policy const& policy) {
    return names_of(policy.profiles);
}

std::vector<std::string> ladder_names(Policy const& policy) {
    return names_of(policy.ladders);
}

std::string no_such(std::string_view noun, std::string_view typed, std::vector<std::string> const& names) {
    return "there is no " + std::string(noun) + " " + in_quotes(typed) + did_you_mean(typed, names);
}

bool is_good_name(std::string_view name, Position at, Context& context) {
    bool const bad_byte = std::any_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '"';
    });
    if (!name.empty() && name.size() <= limits::name && !bad_byte) return true;
    context.error(at, "a name has 1 to " + std::to_string(limits::name) +
                          " bytes, without quotes and control characters; not " + in_quotes(name));
    return false;
}

} // namespace alert40::policy::parse
