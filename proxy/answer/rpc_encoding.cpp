#include "proxy/answer/rpc_encoding.hpp"

namespace alert40::proxy {

std::string envelope(std::uint8_t flags, std::string_view message) {
    std::string out(1, static_cast<char>(flags));
    for (auto const shift : {24u, 16u, 8u, 0u})
        out += static_cast<char>(message.size() >> shift & 0xff);
    return out += message;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (auto const c : text) {
        if (c >= 0x20 && c < 0x7f && c != '%') {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        ((out += '%') += digits[byte >> 4]) += digits[byte & 15];
    }
    return out;
}

} // namespace alert40::proxy
