#include "tls/version.hpp"

#include <algorithm>
#include <array>

namespace alert40::tls {
namespace {

struct Row {
    ProtocolVersion version;
    std::string_view name;
};

constexpr std::array versions{
    Row{ProtocolVersion::tls1_0, "1.0"},
    Row{ProtocolVersion::tls1_1, "1.1"},
    Row{ProtocolVersion::tls1_2, "1.2"},
    Row{ProtocolVersion::tls1_3, "1.3"},
};

} // namespace

std::string_view name_of(ProtocolVersion version) {
    if (version == ProtocolVersion::ssl3) return "ssl3";
    auto const row = std::ranges::find(versions, version, &Row::version);
    return row == versions.end() ? "unknown" : row->name;
}

std::optional<ProtocolVersion> version_named(std::string_view name) {
    auto const row = std::ranges::find(versions, name, &Row::name);
    if (row == versions.end()) return std::nullopt;
    return row->version;
}

} // namespace alert40::tls
