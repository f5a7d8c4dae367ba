#include "diagnose/explain/readers.hpp"

#include "diagnose/explain/packed_code.hpp"
#include "diagnose/explain/words/chromium.hpp"
#include "diagnose/explain/words/curl.hpp"
#include "diagnose/explain/words/nss.hpp"
#include "diagnose/explain/words/secure_transport.hpp"
#include "policy/http_code.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace alert40::explain {

namespace {

using tls::AlertDescription;
using Result = std::optional<Reading>;

bool ends_number(std::string_view rest) {
    if (rest.empty()) return true;
    if (part_of_word(rest.front())) return false;
    return rest.front() != '.' || rest.size() < 2 || !part_of_word(rest[1]);
}

template <typename Number>
std::optional<Number> number(std::string_view text, int base = 10) {
    Number value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || !ends_number(text.substr(static_cast<std::size_t>(end - text.data()))))
        return std::nullopt;
    return value;
}

Result alert_number(std::string_view rest) {
    auto const value = number<std::uint8_t>(rest);
    if (!value) return std::nullopt;
    return Reading{static_cast<AlertDescription>(*value)};
}

struct Spelling {
    std::string_view text; ///< without anything between its words
    AlertDescription alert;
};

// Where they differ from the name in the RFC.
constexpr auto spellings = std::to_array<Spelling>({
    {"unknowncertificateauthority", AlertDescription::unknown_ca}, // Go
    {"revokedcertificate", AlertDescription::certificate_revoked},
    {"expiredcertificate", AlertDescription::certificate_expired},
    {"unknowncertificate", AlertDescription::certificate_unknown},
    {"errordecodingmessage", AlertDescription::decode_error},
    {"errordecryptingmessage", AlertDescription::decrypt_error},
    {"usercancelled", AlertDescription::user_canceled},        // OpenSSL, BoringSSL
    {"unrecognisedname", AlertDescription::unrecognized_name}, // rustls
});

/// The words at the beginning of `rest` run together, in small letters.
std::string run_together(std::string_view rest) {
    constexpr std::size_t longest = 48;
    std::string letters;
    for (auto const c : rest.substr(0, longest)) {
        auto const small = folded(c);
        if (small >= 'a' && small <= 'z')
            letters += small;
        else if (small != ' ')
            break;
    }
    return letters;
}

std::optional<AlertDescription> alert_spelled(std::string_view letters) {
    std::optional<AlertDescription> best;
    std::size_t length = 0;
    auto const consider = [&](std::string_view name, AlertDescription alert) {
        if (name.size() <= length || !letters.starts_with(name)) return;
        best = alert;
        length = name.size();
    };
    for (unsigned value = 0; value < 256; ++value) {
        auto const alert = static_cast<AlertDescription>(value);
        if (auto const name = name_of(alert); name != "unassigned") consider(run_together(name), alert);
    }
    for (auto const& spelling : spellings)
        consider(spelling.text, spelling.alert);
    return best;
}

Result alert_name(std::string_view rest) {
    for (std::string_view const numbered : {"alert(", "Unknown("})
        if (rest.starts_with(numbered)) return alert_number(rest.substr(numbered.size()));
    auto const alert = alert_spelled(run_together(rest));
    if (!alert) return std::nullopt;
    auto const word =
        rest.substr(0, rest.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"));
    bool const camel = word.size() > 1 && word[0] <= 'Z' && word[1] >= 'a' &&
                       std::ranges::count_if(word, [](char c) { return c >= 'A' && c <= 'Z'; }) > 1;
    return Reading{*alert, {}, {}, camel ? Family::rustls : Family::none};
}

/// The name is curl's own; in parentheses stands level * 256 + description.
Result alert_traced(std::string_view rest) {
    constexpr std::size_t longest_name = 48;
    auto const open = rest.substr(0, longest_name).find('(');
    if (open == std::string_view::npos) return std::nullopt;
    auto const value = number<std::uint32_t>(rest.substr(open + 1));
    if (!value || *value < 0x100 || *value > 0x2ff || *value % 256 == 0) return std::nullopt;
    return Reading{static_cast<AlertDescription>(*value % 256)};
}

Result packed(std::string_view rest) {
    constexpr std::size_t digits = 8;
    if (rest.starts_with("0x") || rest.starts_with("0X")) rest.remove_prefix(2);
    auto const* const end = std::ranges::find_if_not(rest, part_of_word);
    if (end - rest.begin() != digits) return std::nullopt;
    auto const code = number<std::uint32_t>(rest, 16);
    auto const unpacked = code ? unpack(*code) : std::nullopt;
    if (!unpacked) return std::nullopt;
    if (!unpacked->subject) return Reading{Trouble::handshake_failed, Weight::wrapped, {}, unpacked->family};
    // BoringSSL says it beside the alert, of an answer to the ClientHello.
    constexpr std::uint32_t on_client_hello = 0x9a;
    bool const first = unpacked->family == Family::boringssl && unpacked->reason == on_client_hello;
    auto const vague = *unpacked->subject == Subject{Trouble::certificate_rejected};
    auto const cut = *unpacked->subject == Subject{Trouble::closed};
    return Reading{*unpacked->subject,
                   cut     ? std::optional{Weight::cut}
                   : vague ? std::optional{Weight::vague}
                           : std::nullopt,
                   first ? std::optional{tls::Phase::client_hello} : std::nullopt, unpacked->family};
}

/// The row of a table by its `number`; null where there is none.
template <typename Rows>
auto const* numbered(Rows const& rows, std::string_view rest) {
    auto const value = number<std::int32_t>(rest);
    auto const row =
        std::ranges::find_if(rows, [&](auto const& one) { return value && one.number == *value; });
    return row == rows.end() ? nullptr : &*row;
}

Result nss(std::string_view rest) {
    auto const* const row = numbered(words::nss_errors, rest);
    return row ? Result{Reading{row->subject}} : std::nullopt;
}

Result apple(std::string_view rest) {
    auto const* const row = numbered(words::apple_errors, rest);
    return row ? Result{Reading{row->subject, row->weight}} : std::nullopt;
}

Result net_error(std::string_view rest) {
    auto const* const row = numbered(words::net_errors, rest);
    return row ? Result{Reading{row->subject, row->weight, row->phase}} : std::nullopt;
}

Result curl_exit(std::string_view rest) {
    auto const* const row = numbered(words::curl_exits, rest);
    return row ? Result{Reading{row->subject, row->weight, row->phase}} : std::nullopt;
}

Result http2_name(std::string_view rest) {
    if (rest.starts_with("NGHTTP2_")) rest.remove_prefix(8);
    auto const word = rest.substr(
        0, std::ranges::find_if_not(rest, [](char c) { return part_of_word(c) || c == '_'; }) - rest.begin());
    auto const names = policy::http2_error_names();
    auto const found = std::ranges::find(names, word);
    if (found == names.end()) return std::nullopt;
    return Reading{Http2Error{static_cast<std::uint32_t>(found - names.begin())}};
}

Result http2_error(std::string_view rest) {
    while (!rest.empty() && (rest.front() == '\'' || rest.front() == '"' || rest.front() == ' '))
        rest.remove_prefix(1);
    if (auto const named = http2_name(rest)) return named;
    bool const hex = rest.starts_with("0x");
    auto const value = hex ? number<std::uint32_t>(rest.substr(2), 16) : number<std::uint32_t>(rest);
    if (!value) return std::nullopt;
    return Reading{Http2Error{*value}};
}

Result http2_numbered(std::string_view rest) {
    auto const digits = rest.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos || !rest.substr(digits).starts_with("; "))
        return std::nullopt;
    return http2_name(rest.substr(digits + 2));
}

} // namespace

Result read(Read what, std::string_view rest) {
    // In the order of their enumeration.
    constexpr std::array readers{alert_number, alert_name, alert_traced, packed,     nss,           apple,
                                 net_error,    curl_exit,  http2_error,  http2_name, http2_numbered};
    static_assert(readers.size() == static_cast<std::size_t>(Read::http2_numbered) + 1);
    return readers.at(static_cast<std::size_t>(what))(rest);
}

std::optional<BareCode> read_bare(std::string_view text) {
    if (auto const found = packed(text)) return BareCode{*found, found->family};
    if (auto const found = nss(text)) return BareCode{*found, Family::nss};
    if (auto const found = apple(text)) return BareCode{*found, Family::secure_transport};
    if (auto const found = net_error(text)) return BareCode{*found, Family::chromium};
    if (auto const found = alert_number(text); found && name_of(found->subject.alert()) != "unassigned")
        return BareCode{*found};
    auto const letters = run_together(text);
    for (unsigned value = 0; value < 256; ++value) {
        auto const alert = static_cast<AlertDescription>(value);
        if (name_of(alert) != "unassigned" && run_together(name_of(alert)) == letters)
            return BareCode{Reading{alert}};
    }
    return std::nullopt;
}

} // namespace alert40::explain
