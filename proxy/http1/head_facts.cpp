#include "proxy/http1/head_facts.hpp"

#include "proxy/message/syntax.hpp"

#include <charconv>

namespace alert40::proxy::http1 {
namespace {

constexpr std::size_t most_digits = 18; // 10^18 - 1 bytes

void note_connection(HeadFacts& facts, std::string_view value) {
    for_each_token(value, [&](std::string_view token) {
        if (!valid_token(token)) facts.connection_malformed = true;
        if (same_token(token, "close")) facts.connection_close = true;
        if (same_token(token, "keep-alive")) facts.connection_keep_alive = true;
        if (same_token(token, "upgrade")) facts.connection_upgrade = true;
        if (same_token(token, "http2-settings")) facts.connection_http2_settings = true;
    });
}

void note_content_length(HeadFacts& facts, std::string_view value) {
    auto const length = parse_content_length(value);
    facts.content_length =
        facts.content_lengths == 0 || length == facts.content_length ? length : std::nullopt;
    ++facts.content_lengths;
}

} // namespace

std::optional<std::uint64_t> parse_content_length(std::string_view value) {
    std::uint64_t length = 0;
    auto const* const end = value.data() + value.size();
    if (value.empty() || value.size() > most_digits) return std::nullopt;
    auto const parsed = std::from_chars(value.data(), end, length);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return length;
}

bool HeadFacts::note(Field const& field) {
    switch (field.id) {
    case FieldName::host:
        ++hosts;
        host = field.value;
        return false;
    case FieldName::content_length: note_content_length(*this, field.value); return false;
    case FieldName::transfer_encoding:
        ++transfer_encodings;
        transfer_encoding = field.value;
        return false;
    case FieldName::connection: note_connection(*this, field.value); break;
    case FieldName::te:
        for_each_token(field.value,
                       [&](std::string_view token) { te_trailers |= same_token(token, "trailers"); });
        break;
    case FieldName::upgrade:
        ++upgrades;
        upgrade = field.value;
        break;
    case FieldName::http2_settings:
        ++http2_settings_fields;
        http2_settings = field.value;
        break;
    case FieldName::proxy_authorization: proxy_authorization = field.value; break;
    case FieldName::keep_alive:
    case FieldName::proxy_connection: break;
    default: return true;
    }
    has_connection_fields = true;
    return true;
}

} // namespace alert40::proxy::http1
