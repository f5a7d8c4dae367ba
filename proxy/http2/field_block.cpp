#include "proxy/http2/field_block.hpp"

#include <algorithm>
#include <charconv>

namespace alert40::proxy::http2 {
namespace {

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

/// RFC 8441 section 5: extended CONNECT does without.
bool is_handshake_of_http1(FieldName id) {
    return id == FieldName::sec_websocket_key || id == FieldName::sec_websocket_accept;
}

std::string_view lower_case(std::string_view name, Arena& arena) {
    if (std::none_of(name.begin(), name.end(), is_upper)) return name;
    char* const lower = arena.take(name.size());
    std::transform(name.begin(), name.end(), lower,
                   [](char c) { return is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c; });
    return {lower, name.size()};
}

/// nghttp2 takes non-const pointers and does not write.
std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
}

std::vector<nghttp2_nv>& emptied_lines() {
    thread_local std::vector<nghttp2_nv> lines;
    lines.clear();
    return lines;
}

} // namespace

bool stays_behind(FieldName id) {
    switch (id) {
    case FieldName::connection:
    case FieldName::content_length:
    case FieldName::host:
    case FieldName::http2_settings:
    case FieldName::keep_alive:
    case FieldName::proxy_connection:
    case FieldName::te:
    case FieldName::transfer_encoding:
    case FieldName::upgrade: return true;
    default: return false;
    }
}

FieldBlock::FieldBlock(Text text)
    : lines_(emptied_lines())
    , flags_(text == Text::copied ? NGHTTP2_NV_FLAG_NONE
                                  : NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE) {}

void FieldBlock::add(std::string_view name, std::string_view value, bool never_index) {
    auto const flags = never_index ? flags_ | NGHTTP2_NV_FLAG_NO_INDEX : flags_;
    lines_.push_back(
        {bytes_of(name), bytes_of(value), name.size(), value.size(), static_cast<std::uint8_t>(flags)});
}

void FieldBlock::add_fields(Fields const& fields, Arena& arena) {
    for (auto const& field : fields) {
        if (field.id == FieldName::cookie)
            add_cookie_crumbs(field);
        else if (!stays_behind(field.id) && !is_handshake_of_http1(field.id))
            add(lower_case(field.name, arena), field.value, field.never_index);
    }
}

void FieldBlock::add_cookie_crumbs(Field const& cookie) {
    auto rest = cookie.value;
    while (true) {
        auto const end = rest.find("; ");
        add("cookie", rest.substr(0, end), cookie.never_index);
        if (end == std::string_view::npos) return;
        rest.remove_prefix(end + 2);
    }
}

void FieldBlock::add_content_length(std::uint64_t length, Arena& arena) {
    constexpr std::size_t longest = 20; // 2^64 - 1
    char* const digits = arena.take(longest);
    auto const end = std::to_chars(digits, digits + longest, length).ptr;
    add("content-length", {digits, static_cast<std::size_t>(end - digits)});
}

} // namespace alert40::proxy::http2
