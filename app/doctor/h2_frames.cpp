#include "app/doctor/h2_frames.hpp"

namespace alert40::app::doctor {

namespace {

enum class Type : std::uint8_t { data = 0, headers = 1, rst_stream = 3, settings = 4, goaway = 7 };

constexpr std::uint8_t end_stream = 0x1, ack = 0x1, end_headers = 0x4, padded = 0x8;
constexpr std::size_t header_size = 9;
constexpr std::size_t largest_frame = 16'384; // what our empty SETTINGS allow
constexpr std::size_t most_data = 64 * 1024;

char byte(std::size_t value) {
    return static_cast<char>(value & 0xff);
}

std::string frame(Type type, std::uint8_t flags, std::uint8_t stream, std::string_view payload) {
    auto const size = payload.size();
    std::string out{byte(size >> 16),
                    byte(size >> 8),
                    byte(size),
                    byte(static_cast<std::uint8_t>(type)),
                    byte(flags),
                    0,
                    0,
                    0,
                    byte(stream)};
    return out.append(payload);
}

/// A string literal, without Huffman.
std::string literal(std::string_view text) {
    return byte(text.size()) + std::string(text);
}

} // namespace

std::string h2_get(std::string_view authority,
                   std::vector<std::pair<std::string, std::string>> const& fields) {
    std::string block = "\x82\x86\x84"; // :method GET, :scheme http, :path / of the static table
    block += byte(0x01) + literal(authority);
    for (auto const& [name, value] : fields)
        block += byte(0x00) + literal(name) + literal(value);
    return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(Type::settings, 0, 0, "") +
           frame(Type::headers, end_stream | end_headers, 1, block);
}

std::string h2_settings_ack() {
    return frame(Type::settings, ack, 0, "");
}

void H2Reader::feed(std::string_view bytes) {
    buffer_ += bytes;
    while (!failed_ && buffer_.size() >= header_size) {
        auto const at = [this](std::size_t i) { return static_cast<std::uint8_t>(buffer_[i]); };
        auto const size = std::size_t{at(0)} << 16 | std::size_t{at(1)} << 8 | at(2);
        bool const greets = settings_seen_ || Type{at(3)} == Type::settings;
        if (size > largest_frame || !greets) failed_ = true;
        if (failed_ || buffer_.size() < header_size + size) return;
        take(at(3), at(4), std::string_view(buffer_).substr(header_size, size));
        buffer_.erase(0, header_size + size);
    }
}

void H2Reader::take(std::uint8_t code, std::uint8_t flags, std::string_view payload) {
    auto const type = Type{code};
    if (type == Type::settings) settings_seen_ = true;
    if (type == Type::rst_stream || type == Type::goaway) failed_ = true;
    if (type != Type::data) return;
    if ((flags & padded) != 0 && !payload.empty()) {
        auto const padding = static_cast<std::uint8_t>(payload.front());
        if (padding >= payload.size()) {
            failed_ = true;
            return;
        }
        payload = payload.substr(1, payload.size() - 1 - padding);
    }
    data_ += payload;
    if (data_.size() > most_data) failed_ = true;
}

} // namespace alert40::app::doctor
