#include "policy/parse/byte_count.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace alert40::policy::parse {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t bytes;
};

constexpr std::array units = {
    Unit{"", 1},         Unit{"B", 1}, Unit{"kB", 1000}, Unit{"KiB", 1 << 10}, Unit{"MB", 1000 * 1000},
    Unit{"MiB", 1 << 20}};

} // namespace

std::optional<std::uint64_t> bytes_named(std::string_view text) {
    std::uint64_t count = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{}) return std::nullopt;
    auto const rest = text.substr(static_cast<std::size_t>(end - text.data()));
    for (auto const& unit : units)
        if (unit.name == rest && count <= std::numeric_limits<std::uint64_t>::max() / unit.bytes)
            return count * unit.bytes;
    return std::nullopt;
}

} // namespace alert40::policy::parse
