#include "tls/engine/answer_start.hpp"

#include "tls/wire/record.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace alert40::tls::engine {
namespace {

constexpr std::size_t shown_text = 60;
constexpr std::size_t shown_bytes = 12;

struct Known {
    std::string_view start;
    std::string_view name;
};

constexpr std::array known_starts = {
    Known{"HTTP/", "HTTP"},
    Known{"<", "HTML or XML"},
    Known{"SSH-", "SSH"},
    Known{"220", "SMTP or FTP"},
    Known{"+OK", "POP3"},
    Known{"* OK", "IMAP"},
    Known{std::string_view("\0\0\x06\4", 4), "HTTP/2"}, // SETTINGS frames of common sizes
    Known{std::string_view("\0\0\x0c\4", 4), "HTTP/2"},
    Known{std::string_view("\0\0\x12\4", 4), "HTTP/2"},
    Known{std::string_view("\0\0\x18\4", 4), "HTTP/2"},
};

bool can_start_record(std::span<std::uint8_t const> bytes) {
    auto const first = static_cast<std::uint8_t>(wire::ContentType::change_cipher_spec);
    auto const last = static_cast<std::uint8_t>(wire::ContentType::heartbeat);
    return (bytes.size() < 1 || (bytes[0] >= first && bytes[0] <= last)) &&
           (bytes.size() < 2 || bytes[1] == 3);
}

std::string shown(std::string_view start) {
    auto const line = start.substr(0, start.find_first_of("\r\n"));
    if (!line.empty() && std::ranges::all_of(line, [](char c) { return c >= 0x20 && c < 0x7f; }))
        return "`" + std::string(line.substr(0, shown_text)) + "`";
    std::string text;
    for (auto const byte : start.substr(0, shown_bytes)) {
        std::array<char, 4> hex{};
        std::snprintf(hex.data(), hex.size(), "%02x", static_cast<unsigned char>(byte));
        text += (text.empty() ? "" : " ") + std::string(hex.data());
    }
    return text;
}

std::string description(End ours, std::string_view start) {
    auto const* const known =
        std::ranges::find_if(known_starts, [&](Known const& row) { return start.starts_with(row.start); });
    return (known == known_starts.end() ? "not TLS" : "not TLS but " + std::string(known->name)) +
           (ours == End::client ? ": the answer starts with " : ": the app starts with ") + shown(start);
}

} // namespace

std::optional<std::string> AnswerStart::look(std::span<std::uint8_t const> bytes) {
    if (size_ == seen_.size()) return std::nullopt;
    auto const before = size_;
    auto const taken = std::min(bytes.size(), seen_.size() - size_);
    std::copy_n(bytes.begin(), taken, seen_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += taken;
    if (can_start_record({seen_.data(), size_})) return std::nullopt;

    std::string start(seen_.begin(), seen_.begin() + static_cast<std::ptrdiff_t>(before));
    start.append(reinterpret_cast<char const*>(bytes.data()), std::min(bytes.size(), 2 * shown_text));
    return description(ours_, start);
}

} // namespace alert40::tls::engine
