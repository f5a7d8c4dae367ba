#include "app/capture/connect_preface.hpp"

#include <algorithm>
#include <string_view>

namespace alert40::app::capture {

namespace {

constexpr std::string_view method = "CONNECT ";
constexpr std::string_view end_of_head = "\r\n\r\n";

/// Moves bytes over to `head` until that is whole. What is left is not of the head.
Bytes read_head(std::string& head, Bytes bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        head += static_cast<char>(bytes[i]);
        if (head.ends_with(end_of_head)) return bytes.subspan(i + 1);
        if (head.size() == ConnectPreface::longest_head) return {};
    }
    return {};
}

bool is_whole(std::string_view head) {
    return head.ends_with(end_of_head);
}

std::string_view first_line(std::string_view head) {
    return head.substr(0, head.find_first_of("\r\n"));
}

bool agree(Bytes bytes, std::string_view with) {
    auto const size = std::min(bytes.size(), with.size());
    return std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size), with.begin(),
                      [](std::uint8_t byte, char c) { return byte == static_cast<std::uint8_t>(c); });
}

} // namespace

bool begins_like_a_client(Bytes bytes) {
    if (bytes.empty()) return false;
    bool const hello =
        bytes[0] == 22 && (bytes.size() < 2 || bytes[1] == 3) && (bytes.size() < 6 || bytes[5] == 1);
    return hello || agree(bytes, method);
}

Bytes ConnectPreface::client_sent(Bytes bytes) {
    if (bytes.empty()) return bytes;
    // After a refusal it may ask again, with its credentials.
    if (state_ == State::unknown || state_ == State::refused)
        state_ = agree(bytes, method) ? State::asking : State::over;
    if (state_ != State::asking) return bytes;
    auto const rest = read_head(head_, bytes);
    if (!is_whole(head_)) return {};
    auto const line = first_line(head_);
    auto const target = line.substr(std::min(line.size(), method.size()));
    target_ = target.substr(0, target.find(' '));
    head_.clear();
    refusal_.clear();
    state_ = State::asked;
    return rest;
}

Bytes ConnectPreface::server_sent(Bytes bytes) {
    if (state_ == State::over || bytes.empty()) return bytes;
    if (state_ != State::asked) return {};
    auto const rest = read_head(head_, bytes);
    if (!is_whole(head_)) return {};
    auto const line = first_line(head_);
    bool const accepted = line.size() > 9 && line[9] == '2';
    if (!accepted) refusal_ = line;
    state_ = accepted ? State::over : State::refused;
    head_.clear();
    return accepted ? rest : Bytes{};
}

} // namespace alert40::app::capture
