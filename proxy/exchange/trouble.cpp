#include "proxy/exchange/trouble.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace alert40::proxy {

namespace {

constexpr std::array<std::uint32_t, 6> grpc_troubles{2, 4, 8, 13, 14, 15};

} // namespace

bool tells_of_trouble(std::uint16_t status) {
    return status / 100 == 5 || status == 421 || status == 429;
}

bool speaks_grpc(Fields const& fields) {
    auto const* const type = find(fields, FieldName::content_type);
    return type && type->value.starts_with("application/grpc") &&
           !type->value.starts_with("application/grpc-web");
}

std::optional<std::uint32_t> grpc_trouble(Fields const& trailers) {
    for (auto const& field : trailers) {
        if (!same_token(field.name, "grpc-status")) continue;
        std::uint32_t status = 0;
        auto const* const end = field.value.data() + field.value.size();
        if (std::from_chars(field.value.data(), end, status).ptr != end) return std::nullopt;
        if (std::ranges::find(grpc_troubles, status) == grpc_troubles.end()) return std::nullopt;
        return status;
    }
    return std::nullopt;
}

} // namespace alert40::proxy
