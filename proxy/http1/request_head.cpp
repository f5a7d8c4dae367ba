#include "proxy/http1/request_head.hpp"

#include "proxy/http1/field_lines.hpp"
#include "proxy/http1/request_target.hpp"
#include "proxy/message/limits.hpp"
#include "proxy/message/syntax.hpp"

namespace alert40::proxy::http1 {
namespace {

constexpr bool digit(char c) {
    return c >= '0' && c <= '9';
}

/// Another version than the two of HTTP/1: that is worth another status.
bool names_version(std::string_view text) {
    return text.size() == 8 && text.starts_with("HTTP/") && digit(text[5]) && text[6] == '.' &&
           digit(text[7]);
}

/// RFC 9112 section 3.
std::optional<Refusal> take_request_line(std::string_view line, RequestHead& head) {
    auto const behind_method = line.find(' ');
    auto const behind_target = line.find(' ', behind_method + 1);
    if (behind_method == line.npos || behind_target == line.npos)
        return Refusal{400, "malformed request line"};
    head.method = line.substr(0, behind_method);
    if (!valid_method(head.method)) return Refusal{400, "malformed method"};
    auto const version = line.substr(behind_target + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return names_version(version) ? Refusal{505, "only HTTP/1.0 and HTTP/1.1"}
                                      : Refusal{400, "malformed request line"};
    head.version = version.back() == '0' ? HttpVersion::http1_0 : HttpVersion::http1_1;
    if (!parse_request_target(line.substr(behind_method + 1, behind_target - behind_method - 1), head))
        return Refusal{400, "malformed request target"};
    return std::nullopt;
}

std::optional<Refusal> take_fields(std::string_view lines, RequestHead& head, HeadFacts& facts) {
    switch (read_field_lines(lines, head.fields, facts)) {
    case FieldLines::too_many: return Refusal{431, "too many fields"};
    case FieldLines::malformed: return Refusal{400, "malformed field"};
    case FieldLines::good: break;
    }
    if (facts.connection_malformed) return Refusal{400, "malformed Connection"};
    return std::nullopt;
}

bool ends_with_chunked(std::string_view codings) {
    bool chunked = false;
    for_each_token(codings, [&](std::string_view coding) { chunked = same_token(coding, "chunked"); });
    return chunked;
}

/// RFC 9112 section 6.1 and 6.3.
std::optional<Refusal> frame_body(HeadFacts const& facts, HttpVersion version, Framing& body) {
    if (facts.transfer_encodings > 0) {
        if (facts.content_lengths > 0) return Refusal{400, "both Content-Length and Transfer-Encoding"};
        if (version == HttpVersion::http1_0) return Refusal{400, "Transfer-Encoding in HTTP/1.0"};
        if (facts.transfer_encodings > 1) return Refusal{400, "several Transfer-Encoding fields"};
        if (!same_token(facts.transfer_encoding, "chunked"))
            return ends_with_chunked(facts.transfer_encoding)
                       ? Refusal{501, "no transfer coding but chunked"}
                       : Refusal{400, "Transfer-Encoding does not end with chunked"};
        body = Framing::chunked();
    } else if (facts.content_lengths > 0) {
        if (facts.content_lengths > 1) return Refusal{400, "several Content-Length fields"};
        if (!facts.content_length) return Refusal{400, "malformed Content-Length"};
        body = Framing::of_length(*facts.content_length);
    }
    return std::nullopt;
}

/// RFC 9112 section 3.2: Host is there once and valid, even where the target replaces it.
std::optional<Refusal> take_host(HeadFacts const& facts, RequestHead& head) {
    if (facts.hosts > 1) return Refusal{400, "several Host fields"};
    if (facts.hosts == 0)
        return head.version == HttpVersion::http1_0 ? std::nullopt
                                                    : std::optional<Refusal>{{400, "no Host field"}};
    if (!valid_authority(facts.host)) return Refusal{400, "malformed Host"};
    if (head.authority.empty()) head.authority = facts.host;
    return std::nullopt;
}

/// RFC 9110 section 7.8. An upgrade that cannot be had is no error: the request is then answered as it
/// stands.
void take_upgrade(HeadFacts const& facts, RequestHead& head, RequestTerms& terms) {
    bool const possible = facts.upgrades == 1 && facts.connection_upgrade &&
                          head.version == HttpVersion::http1_1 && terms.body.kind == Framing::Kind::none;
    if (!possible) return;
    for_each_token(facts.upgrade, [&](std::string_view token) {
        if (!head.protocol.empty() || terms.http2_settings) return; // the first that can be had
        if (same_token(token, "h2c")) {
            if (facts.http2_settings_fields == 1 && facts.connection_http2_settings)
                terms.http2_settings = decode_http2_settings(facts.http2_settings);
        } else if (head.method == "GET" && !same_token(token, "h2") && valid_token(token)) {
            head.protocol = same_token(token, "websocket") ? "websocket" : token;
        }
    });
}

} // namespace

std::optional<Refusal> parse_request_head(std::string_view text, RequestHead& head, RequestTerms& terms) {
    text = head.arena.copy(text);
    if (auto const refusal = take_request_line(take_line(text), head)) return refusal;
    HeadFacts facts;
    if (auto const refusal = take_fields(text, head, facts)) return refusal;
    if (auto const refusal = take_host(facts, head)) return refusal;
    if (auto const refusal = frame_body(facts, head.version, terms.body)) return refusal;
    if (head.method == "CONNECT" && terms.body != Framing::none()) return Refusal{400, "CONNECT with a body"};

    terms.keep_alive = head.version == HttpVersion::http1_1
                           ? !facts.connection_close
                           : facts.connection_keep_alive && !facts.connection_close;
    take_upgrade(facts, head, terms);
    head.body = length_of(terms.body);
    head.trailers_accepted = facts.te_trailers;
    head.proxy_authorization = facts.proxy_authorization;
    if (facts.has_connection_fields) strip_connection_fields(head.fields);
    if (head.version == HttpVersion::http1_0) // RFC 9110 section 10.1.1: its sender cannot wait for 100
        std::erase_if(head.fields, [](Field const& field) { return field.id == FieldName::expect; });
    join_cookies(head.fields, head.arena);
    return std::nullopt;
}

std::optional<std::string> decode_http2_settings(std::string_view value) {
    static constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string payload;
    std::uint32_t bits = 0;
    unsigned held = 0;
    if (value.size() > limits::head_bytes) return std::nullopt;
    for (char const c : value) {
        auto const digit_value = alphabet.find(c);
        if (digit_value == std::string_view::npos) return std::nullopt;
        bits = (bits << 6 | static_cast<std::uint32_t>(digit_value)) & 0xffff;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        payload.push_back(static_cast<char>(bits >> held & 0xff));
    }
    if (payload.size() % 6 != 0 || held >= 6) return std::nullopt;
    return payload;
}

} // namespace alert40::proxy::http1
