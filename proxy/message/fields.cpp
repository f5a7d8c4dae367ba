#include "proxy/message/fields.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace alert40::proxy {
namespace {

struct Known {
    std::string_view name;
    FieldName id;
};

/// Sorted by length: a name is compared with those of its own length only.
constexpr std::array known_fields{
    Known{"te", FieldName::te},
    Known{"via", FieldName::via},
    Known{"date", FieldName::date},
    Known{"host", FieldName::host},
    Known{"accept", FieldName::accept},
    Known{"cookie", FieldName::cookie},
    Known{"expect", FieldName::expect},
    Known{"server", FieldName::server},
    Known{"refresh", FieldName::refresh},
    Known{"trailer", FieldName::trailer},
    Known{"upgrade", FieldName::upgrade},
    Known{"location", FieldName::location},
    Known{"forwarded", FieldName::forwarded},
    Known{"connection", FieldName::connection},
    Known{"keep-alive", FieldName::keep_alive},
    Known{"set-cookie", FieldName::set_cookie},
    Known{"user-agent", FieldName::user_agent},
    Known{"content-type", FieldName::content_type},
    Known{"proxy-status", FieldName::proxy_status},
    Known{"content-length", FieldName::content_length},
    Known{"http2-settings", FieldName::http2_settings},
    Known{"content-location", FieldName::content_location},
    Known{"proxy-connection", FieldName::proxy_connection},
    Known{"sec-websocket-key", FieldName::sec_websocket_key},
    Known{"transfer-encoding", FieldName::transfer_encoding},
    Known{"proxy-authenticate", FieldName::proxy_authenticate},
    Known{"proxy-authorization", FieldName::proxy_authorization},
    Known{"sec-websocket-accept", FieldName::sec_websocket_accept},
    Known{"sec-websocket-version", FieldName::sec_websocket_version},
};
static_assert(std::ranges::is_sorted(known_fields, {}, [](Known const& known) { return known.name.size(); }));

constexpr std::size_t longest = known_fields.back().name.size();

/// Where the names of each length begin; one more entry for the end of the last.
constexpr auto first_of_length = [] {
    std::array<std::uint8_t, longest + 2> first{};
    for (std::size_t length = 0; length < first.size(); ++length)
        while (first[length] < known_fields.size() && known_fields[first[length]].name.size() < length)
            ++first[length];
    return first;
}();

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr char small = 'a' - 'A';

std::uint64_t word_at(char const* text) {
    std::uint64_t word;
    std::memcpy(&word, text, sizeof word);
    return word;
}

/// Eight characters at once. The bit that makes a letter small is set in every other character of a known
/// name, and without it that would be none of a token.
bool spells(std::string_view token, std::string_view known) {
    constexpr std::uint64_t all_small = 0x0101010101010101 * small;
    std::size_t i = 0;
    for (; i + sizeof all_small <= known.size(); i += sizeof all_small)
        if ((word_at(&token[i]) | all_small) != word_at(&known[i])) return false;
    for (; i < known.size(); ++i)
        if ((token[i] | small) != known[i]) return false;
    return true;
}

} // namespace

bool same_token(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return x == y || lower(x) == lower(y); });
}

FieldName classify(std::string_view name) {
    if (name.empty() || name.size() > longest) return FieldName::other;
    auto const initial = lower(name.front());
    auto const end = first_of_length[name.size() + 1];
    for (auto i = first_of_length[name.size()]; i < end; ++i)
        if (known_fields[i].name.front() == initial && spells(name, known_fields[i].name))
            return known_fields[i].id;
    return FieldName::other;
}

Field const* find(Fields const& fields, FieldName id) {
    auto const found = std::ranges::find(fields, id, &Field::id);
    return found == fields.end() ? nullptr : &*found;
}

} // namespace alert40::proxy
