#include "policy/parse/alert_text.hpp"

#include <charconv>

namespace alert40::policy::parse {

using tls::AlertDescription;

std::optional<AlertDescription> alert_of(std::string_view text) {
    if (auto const named = tls::alert_named(text)) return named;
    std::uint8_t number = 0;
    auto const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
    return static_cast<AlertDescription>(number);
}

std::vector<std::string> alert_names() {
    std::vector<std::string> names;
    for (unsigned number = 0; number < 256; ++number) {
        auto const name = tls::name_of(static_cast<AlertDescription>(number));
        if (name != "unassigned") names.emplace_back(name);
    }
    return names;
}

} // namespace alert40::policy::parse
