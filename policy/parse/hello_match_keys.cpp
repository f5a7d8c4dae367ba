#include "policy/parse/hello_match_keys.hpp"

#include "policy/limits.hpp"
#include "policy/parse/host_pattern.hpp"
#include "policy/parse/spellings.hpp"
#include "policy/parse/values.hpp"
#include "tls/wire/iana.hpp"

#include <algorithm>
#include <array>

namespace alert40::policy::parse {
namespace {

using tls::wire::iana::Registry;

constexpr std::size_t ja3_length = 32; ///< MD5 in hex

/// A JA4 fingerprint; a letter stands for the characters that fit there.
constexpr std::string_view ja4_form = "pvvsnnnnaa_hhhhhhhhhhhh_hhhhhhhhhhhh";

constexpr std::string_view digits = "0123456789";
constexpr std::string_view lower_case = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view upper_case = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

constexpr bool contains(std::string_view set, char c) {
    return set.find(c) != std::string_view::npos;
}

bool fits(char form, char c) {
    switch (form) {
    case 'p': return contains("tqd", c);              // TCP, QUIC, DTLS
    case 'v': return contains(digits, c) || c == 's'; // "13", "s3"
    case 's': return contains("di", c);               // with a server name, or without
    case 'n': return contains(digits, c);             // how many suites, extensions
    case 'h': return contains("0123456789abcdef", c); // a digest
    case 'a': return contains(digits, c) || contains(lower_case, c) || contains(upper_case, c); // ALPN
    default: return form == c;
    }
}

bool is_ja4(std::string_view text) {
    bool const beginning = text.ends_with('*');
    if (beginning) text.remove_suffix(1);
    bool const length = beginning ? !text.empty() && text.size() < ja4_form.size() //
                                  : text.size() == ja4_form.size();
    return length && std::equal(text.begin(), text.end(), ja4_form.begin(),
                                [](char c, char form) { return fits(form, c); });
}

void refuse_empty_list(Node const& node, Context& context) {
    if (node.list() && node.list()->empty())
        context.error(node.at, context.key() + " is an empty list: leave it out to match every hello");
}

void read_alpn(HelloMatch& match, Node const& node, Context& context) {
    for (auto& text : texts_value(node, context)) {
        if (text.value.empty() || text.value.size() > limits::alpn_name)
            context.error(text.at, "a protocol name in \"alpn\" has 1 to 255 bytes (RFC 7301)");
        else
            match.alpn.push_back(std::move(text.value));
    }
    refuse_empty_list(node, context);
}

void read_ja3(HelloMatch& match, Node const& node, Context& context) {
    for (auto& text : texts_value(node, context)) {
        auto digest = text.value;
        for (char& c : digest)
            if (contains(upper_case, c)) c = lower_case[upper_case.find(c)];
        bool const hex = std::ranges::all_of(digest, [](char c) { return fits('h', c); });
        if (hex && digest.size() == ja3_length)
            match.ja3.push_back(std::move(digest));
        else
            context.error(text.at, "\"ja3\" takes the 32 hexadecimal digits of a fingerprint, not " +
                                       in_quotes(text.value));
    }
    refuse_empty_list(node, context);
}

void read_ja4(HelloMatch& match, Node const& node, Context& context) {
    for (auto& text : texts_value(node, context)) {
        if (is_ja4(text.value))
            match.ja4.push_back(std::move(text.value));
        else
            context.error(text.at,
                          "\"ja4\" takes a fingerprint such as "
                          "\"t13d1516h2_8daaf6152771_02713d6af862\", or its beginning and \"*\" as in "
                          "\"t13d1516h2_*\", not " +
                              in_quotes(text.value));
    }
    refuse_empty_list(node, context);
}

/// Names of a registry, hex codes of those that have none, or GREASE.
void read_names(std::vector<std::string>& into, Registry registry, std::string (*canonical)(std::string_view),
                Node const& node, Context& context) {
    for (auto const& text : texts_value(node, context)) {
        auto name = canonical(text.value);
        bool const code = name.starts_with("0x") && name.size() == 6;
        if (code || name == "GREASE" || tls::wire::iana::code_of(registry, name)) {
            into.push_back(std::move(name));
            continue;
        }
        std::vector<std::string_view> names;
        for (auto const& row : registry)
            names.push_back(row.name);
        context.error(text.at, context.key() + " takes names of IANA's, not " + in_quotes(text.value) +
                                   did_you_mean(text.value, names));
    }
    refuse_empty_list(node, context);
}

void read_cipher(HelloMatch& match, Node const& node, Context& context) {
    read_names(
        match.cipher, tls::wire::iana::cipher_suites(),
        [](std::string_view name) { return std::string(name); }, node, context);
}

void read_group(HelloMatch& match, Node const& node, Context& context) {
    read_names(match.group, tls::wire::iana::named_groups(), canonical_group, node, context);
}

void read_server_name(HelloMatch& match, Node const& node, Context& context) {
    for (auto const& text : texts_value(node, context)) {
        if (auto pattern = host_pattern(text.value))
            match.server_name.push_back(std::move(*pattern));
        else
            context.error(text.at,
                          "\"server_name\" takes a name, or \"*.name\" for everything below it, not " +
                              in_quotes(text.value));
    }
    refuse_empty_list(node, context);
}

void read_version_max(HelloMatch& match, Node const& node, Context& context) {
    auto const text = text_value(node, context);
    if (!text) return;
    match.version_max = tls::version_named(*text);
    if (!match.version_max)
        context.error(node.at, "\"version_max\" takes \"1.0\" to \"1.3\", not " + in_quotes(*text));
}

constexpr std::array hello_keys = {
    Key<HelloMatch>{"alpn", read_alpn},
    Key<HelloMatch>{"ja3", read_ja3},
    Key<HelloMatch>{"ja4", read_ja4},
    Key<HelloMatch>{"cipher", read_cipher},
    Key<HelloMatch>{"group", read_group},
    Key<HelloMatch>{"server_name", read_server_name},
    Key<HelloMatch>{"no_server_name", [](HelloMatch& match, Node const& node,
                                         Context& c) { match.no_server_name = boolean_value(node, c); }},
    Key<HelloMatch>{"version_max", read_version_max},
    Key<HelloMatch>{"bytes_over",
                    [](HelloMatch& match, Node const& node, Context& c) {
                        if (auto const n = integer_value(node, 1, limits::hello_bytes, c))
                            match.bytes_over = static_cast<std::size_t>(*n);
                    }},
};

/// What a JA4 fingerprint says of versions, name and ALPN can be as the other keys want it.
bool agrees(std::string const& ja4, HelloMatch const& match) {
    constexpr std::size_t version = 1, name = 3, alpn = 8;
    auto const says = [&](std::size_t place, std::string_view what) {
        return ja4.size() > place + what.size() && ja4.compare(place, what.size(), what) == 0;
    };
    if (match.version_max && ja4.size() > version + 2) {
        auto const wanted = tls::name_of(*match.version_max); // "1.3" there is "13"
        if (!says(version, std::string{wanted.front(), wanted.back()})) return false;
    }
    bool const named = !match.server_name.empty() || match.no_server_name == false;
    if (says(name, "i") && named) return false;
    if (says(name, "d") && match.no_server_name == true) return false;
    return !(says(alpn, "00") && !match.alpn.empty());
}

} // namespace

void check_hello_match(HelloMatch const& match, Node const& node, Context& context) {
    if (match.no_server_name == true && !match.server_name.empty())
        context.error(node.at,
                      "no hello without a server name names " + in_quotes(match.server_name.front()));
    if (!match.ja4.empty() &&
        std::ranges::none_of(match.ja4, [&](auto const& ja4) { return agrees(ja4, match); }))
        context.error(node.at,
                      "no hello is like " + in_quotes(match.ja4.front()) +
                          " and like the other keys at once: \"ja4\" begins with the version, d or i "
                          "(with or without a name), and ends its first part with the ALPN");
}

std::span<Key<HelloMatch> const> hello_match_keys() {
    return hello_keys;
}

HelloMatch hello_match_value(Node const& node, Context& context) {
    HelloMatch match;
    read_table<HelloMatch>(node, "client_hello", hello_keys, match, context);
    if (node.table() && node.table()->empty())
        context.error(node.at, "\"client_hello\" is an empty table: leave it out to match every hello");
    check_hello_match(match, node, context);
    return match;
}

} // namespace alert40::policy::parse
