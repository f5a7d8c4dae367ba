#include "proxy/message/message.hpp"

#include <algorithm>
#include <utility>

namespace alert40::proxy {
namespace {

void add_to(Fields& fields, Arena& arena, std::string_view name, std::string_view value, bool never_index) {
    fields.push_back({arena.copy(name), arena.copy(value), classify(name), never_index});
}

constexpr bool belongs_to_connection(FieldName id) {
    switch (id) {
    case FieldName::connection:
    case FieldName::http2_settings:
    case FieldName::keep_alive:
    case FieldName::proxy_authorization:
    case FieldName::proxy_connection:
    case FieldName::te:
    case FieldName::transfer_encoding:
    case FieldName::upgrade: return true;
    default: return false;
    }
}

} // namespace

void RequestHead::add(std::string_view name, std::string_view value, bool never_index) {
    add_to(fields, arena, name, value, never_index);
}

void RequestHead::clear() {
    fields.clear();
    auto kept = std::move(fields);
    *this = {};
    fields = std::move(kept);
}

void ResponseHead::add(std::string_view name, std::string_view value, bool never_index) {
    add_to(fields, arena, name, value, never_index);
}

void ResponseHead::clear() {
    fields.clear();
    auto kept = std::move(fields);
    *this = {};
    fields = std::move(kept);
}

void strip_connection_fields(Fields& fields) {
    Fields named; // by Connection, and still there
    for (auto const& field : fields) {
        if (field.id != FieldName::connection) continue;
        for_each_token(field.value, [&](std::string_view token) {
            if (!belongs_to_connection(classify(token)) && !same_token(token, "close"))
                named.push_back({token, {}});
        });
    }
    std::erase_if(fields, [&](Field const& field) {
        return belongs_to_connection(field.id) || std::ranges::any_of(named, [&](Field const& other) {
                   return same_token(other.name, field.name);
               });
    });
}

void join_cookies(Fields& fields, Arena& arena) {
    std::size_t size = 0;
    std::size_t count = 0;
    for (auto const& field : fields) {
        if (field.id != FieldName::cookie) continue;
        size += field.value.size() + 2;
        ++count;
    }
    if (count < 2) return;

    char* const joined = arena.take(size);
    char* end = joined;
    bool never_index = false;
    for (auto const& field : fields) {
        if (field.id != FieldName::cookie) continue;
        if (end != joined && !field.value.empty()) end = std::copy_n("; ", 2, end);
        end = std::copy(field.value.begin(), field.value.end(), end);
        never_index |= field.never_index;
    }
    auto& first = *std::ranges::find(fields, FieldName::cookie, &Field::id);
    first.value = {joined, static_cast<std::size_t>(end - joined)};
    first.never_index = never_index;
    bool seen = false;
    std::erase_if(fields, [&](Field const& field) {
        return field.id == FieldName::cookie && std::exchange(seen, true);
    });
}

} // namespace alert40::proxy
