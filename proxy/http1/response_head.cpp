#include "proxy/http1/response_head.hpp"

#include "proxy/http1/field_lines.hpp"
#include "proxy/message/syntax.hpp"

namespace alert40::proxy::http1 {
namespace {

/// RFC 9112 section 4. The space behind the status is part of the grammar even without a reason, and still
/// some origins leave it out.
bool read_status_line(std::string_view line, ResponseHead& head) {
    constexpr std::string_view shortest = "HTTP/1.1 200";
    if (line.size() < shortest.size() || !line.starts_with("HTTP/1.") || line[8] != ' ') return false;
    char const minor = line[7];
    if (minor != '0' && minor != '1') return false;
    unsigned status = 0;
    for (char const c : line.substr(9, 3)) {
        if (c < '0' || c > '9') return false;
        status = status * 10 + static_cast<unsigned>(c - '0');
    }
    auto reason = line.substr(shortest.size());
    if (!reason.empty() && reason.front() != ' ') return false;
    if (!reason.empty()) reason.remove_prefix(1);
    head.version = minor == '0' ? HttpVersion::http1_0 : HttpVersion::http1_1;
    head.status = static_cast<std::uint16_t>(status);
    head.reason = reason;
    return text_size(reason) == reason.size();
}

/// RFC 9112 section 6.3, as far as it does not depend on the status.
std::optional<std::string_view> check_framing(HeadFacts const& facts, HttpVersion version) {
    if (facts.content_lengths > 0 && !facts.content_length) return "malformed or differing Content-Length";
    if (facts.transfer_encodings == 0) return std::nullopt;
    if (facts.content_lengths > 0) return "both Content-Length and Transfer-Encoding";
    if (version == HttpVersion::http1_0) return "Transfer-Encoding in HTTP/1.0";
    if (facts.transfer_encodings > 1 || !same_token(facts.transfer_encoding, "chunked"))
        return "a transfer coding other than chunked";
    return std::nullopt;
}

Framing frame_body(HeadFacts const& facts) {
    if (facts.transfer_encodings > 0) return Framing::chunked();
    if (facts.content_length) return Framing::of_length(*facts.content_length);
    return Framing::until_close();
}

bool offered(std::string_view offer, std::string_view chosen) {
    bool found = false;
    for_each_token(offer, [&](std::string_view token) { found |= same_token(token, chosen); });
    return found;
}

std::optional<std::string_view> take_switch(HeadFacts const& facts, ResponseContext const& context,
                                            ResponseHead& head) {
    if (context.upgrade.empty()) return "101 to a request without Upgrade";
    if (facts.upgrades != 1 || !facts.connection_upgrade || !offered(context.upgrade, facts.upgrade))
        return "101 to another protocol than was asked for";
    head.upgraded = true;
    head.protocol = facts.upgrade;
    return std::nullopt;
}

} // namespace

std::optional<std::string_view> parse_response_head(std::string_view text, ResponseContext const& context,
                                                    ResponseHead& head, ResponseTerms& terms) {
    text = head.arena.copy(text);
    if (!read_status_line(take_line(text), head)) return "malformed response head";
    if (head.status < 100) return "a status below 100";
    HeadFacts facts;
    auto const lines = read_field_lines(text, head.fields, facts);
    if (lines == FieldLines::too_many) return "too many fields";
    if (lines == FieldLines::malformed || facts.connection_malformed) return "malformed response head";
    if (auto const error = check_framing(facts, head.version)) return error;

    bool const informational = head.status < 200;
    bool const never_a_body = informational || head.status == 204;
    if (never_a_body && facts.transfer_encodings > 0) return "Transfer-Encoding where no body can be";
    if (head.status == 101) {
        if (auto const error = take_switch(facts, context, head)) return error;
        terms.body = Framing::until_close();
        head.body = BodyLength::unknown();
    } else if (never_a_body) {
        terms.body = Framing::none();
    } else if (context.head_request || head.status == 304) {
        terms.body = Framing::none();
        head.declared_length = facts.content_length;
    } else {
        terms.body = frame_body(facts);
        head.body = length_of(terms.body);
    }
    bool const persistent = head.version == HttpVersion::http1_1
                                ? !facts.connection_close
                                : facts.connection_keep_alive && !facts.connection_close;
    terms.keep_alive = persistent && terms.body.kind != Framing::Kind::until_close;
    if (facts.has_connection_fields) strip_connection_fields(head.fields);
    return std::nullopt;
}

} // namespace alert40::proxy::http1
