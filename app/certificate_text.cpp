#include "app/certificate_text.hpp"

#include <cstdint>

namespace alert40::app {

namespace {

constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view end = "-----END CERTIFICATE-----";
constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

std::optional<std::string> der_of(std::string_view pem) {
    auto const start = pem.find(begin);
    auto const stop = start == pem.npos ? pem.npos : pem.find(end, start);
    if (stop == pem.npos) return std::nullopt;
    std::string der;
    std::uint32_t bits = 0;
    int count = 0;
    for (char const c : pem.substr(start + begin.size(), stop - start - begin.size())) {
        if (c == '\n' || c == '\r' || c == '=') continue;
        auto const digit = digits.find(c);
        if (digit == digits.npos) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        if ((count += 6) < 8) continue;
        count -= 8;
        der += static_cast<char>(bits >> count & 0xff);
    }
    return der;
}

} // namespace alert40::app
