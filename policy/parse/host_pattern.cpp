#include "policy/parse/host_pattern.hpp"

#include "policy/host_name.hpp"

namespace alert40::policy::parse {

std::optional<std::string> host_pattern(std::string const& text) {
    if (text == "*") return text;
    if (!text.starts_with("*.")) return to_a_label(text);
    auto const below = to_a_label(text.substr(2));
    if (!below || to_ip_literal(*below)) return std::nullopt;
    return "*." + *below;
}

} // namespace alert40::policy::parse
