#include "proxy/http2/request_reader.hpp"

#include "proxy/http2/field_block.hpp"
#include "proxy/message/syntax.hpp"

#include <charconv>

namespace alert40::proxy::http2 {

std::optional<std::uint64_t> length_in(std::string_view content_length) {
    std::uint64_t length = 0;
    auto const* const end = content_length.data() + content_length.size();
    auto const [stopped, error] = std::from_chars(content_length.data(), end, length);
    if (error != std::errc{} || stopped != end) return std::nullopt;
    return length;
}

void RequestReader::add(RequestHead& head, std::string_view name, std::string_view value, bool never_index) {
    if (!spend(name, value)) return;
    if (name.starts_with(':')) {
        add_pseudo(head, name, value);
        return;
    }
    auto const id = classify(name);
    if (id == FieldName::host)
        host_ = head.arena.copy(value);
    else if (id == FieldName::te)
        head.trailers_accepted = true; // any other value is malformed
    else if (id == FieldName::content_length)
        content_length_ = length_in(value);
    else if (id == FieldName::proxy_authorization)
        head.proxy_authorization = head.arena.copy(value);
    else if (!stays_behind(id))
        head.fields.push_back({head.arena.copy(name), head.arena.copy(value), id, never_index});
}

void RequestReader::add_pseudo(RequestHead& head, std::string_view name, std::string_view value) {
    auto const copy = head.arena.copy(value);
    if (name == ":method")
        head.method = copy;
    else if (name == ":scheme")
        head.scheme = same_token(value, "https") ? "https" : same_token(value, "http") ? "http" : copy;
    else if (name == ":authority")
        head.authority = copy;
    else if (name == ":path")
        head.path = copy;
    else if (name == ":protocol")
        head.protocol = copy;
}

RequestReader::Verdict RequestReader::finish(RequestHead& head, bool end) {
    if (too_large()) return Verdict::too_large;
    connect_ = head.method == "CONNECT";
    if (head.authority.empty())
        head.authority = host_;
    else if (!host_.empty() && !same_token(host_, head.authority))
        return Verdict::malformed;

    bool const plain_connect = connect_ && head.protocol.empty();
    if (plain_connect ? !valid_connect_authority(head.authority) : !valid_authority(head.authority))
        return Verdict::malformed;
    if (!plain_connect && head.path != "*" && !valid_path(head.path)) return Verdict::malformed;
    if (!head.protocol.empty() && !valid_token(head.protocol)) return Verdict::malformed;

    head.version = HttpVersion::http2;
    head.absolute_form = true;
    if (!head.protocol.empty()) head.method = "GET";
    if (connect_)
        head.body = BodyLength::none();
    else if (content_length_)
        head.body = BodyLength::known(*content_length_);
    else
        head.body = end ? BodyLength::none() : BodyLength::unknown();
    join_cookies(head.fields, head.arena);
    return Verdict::good;
}

} // namespace alert40::proxy::http2
