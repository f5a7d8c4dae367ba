#include "proxy/http2/error_code.hpp"

#include "policy/http_code.hpp"

#include <array>
#include <charconv>

namespace alert40::proxy::http2 {
std::string describe(std::uint32_t error_code) {
    std::array<char, 8> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), error_code, 16).ptr;
    auto const name = policy::http2_error_name(error_code);
    std::string text(name.empty() ? "unknown code" : name);
    return text.append(" (0x").append(digits.data(), end).append(")");
}

} // namespace alert40::proxy::http2
