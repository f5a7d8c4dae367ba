#include "proxy/http1/write_head.hpp"

#include <ostream> // before Boost's string_view, which forgets it

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>

namespace alert40::proxy::http1 {
namespace {

/// Lines of a head, written into space that is taken once.
class Lines {
  public:
    Lines(bytes::ByteQueue& out, std::size_t at_most)
        : out_(out)
        , begin_(reinterpret_cast<char*>(out.prepare(at_most).data()))
        , at_(begin_) {}

    ~Lines() { out_.commit(static_cast<std::size_t>(at_ - begin_)); }

    Lines(Lines const&) = delete;
    Lines& operator=(Lines const&) = delete;

    Lines& operator<<(std::string_view text) {
        if (!text.empty()) std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
        return *this;
    }

    Lines& operator<<(std::uint64_t number) {
        at_ = std::to_chars(at_, at_ + 20, number).ptr;
        return *this;
    }

    Lines& operator<<(Fields const& fields) {
        for (auto const& field : fields)
            *this << field.name << ": " << field.value << "\r\n";
        return *this;
    }

  private:
    bytes::ByteQueue& out_;
    char* begin_;
    char* at_;
};

/// More than the lines that are not fields can come to, without the texts that are counted apart.
constexpr std::size_t fixed_lines = 512;

std::size_t size_of(Fields const& fields) {
    std::size_t size = 0;
    for (auto const& field : fields)
        size += field.name.size() + field.value.size() + 4;
    return size;
}

/// A request without a body says so where its method usually has one (RFC 9110 section 8.6).
bool expects_body(std::string_view method) {
    static constexpr std::array methods{std::string_view{"POST"}, std::string_view{"PUT"},
                                        std::string_view{"PATCH"}};
    return std::ranges::find(methods, method) != methods.end();
}

Framing request_framing(RequestHead const& head, bool end) {
    if (!head.protocol.empty()) return Framing::until_close();
    if (head.body.kind == BodyLength::Kind::known) return Framing::of_length(head.body.bytes);
    if (end) return expects_body(head.method) ? Framing::of_length(0) : Framing::none();
    return Framing::chunked();
}

Framing response_framing(ResponseHead const& head, bool end, ResponseReader reader) {
    if (head.status == 204 || head.status == 304 || reader.head_request) return Framing::none();
    if (head.body.kind == BodyLength::Kind::known) return Framing::of_length(head.body.bytes);
    if (end) return Framing::of_length(0);
    return reader.version == HttpVersion::http1_0 ? Framing::until_close() : Framing::chunked();
}

/// The Content-Length of a response that has no body here (RFC 9110 section 8.6).
std::optional<std::uint64_t> length_without_body(ResponseHead const& head, bool head_request) {
    if (head.status == 204) return std::nullopt;
    if (head.declared_length) return head.declared_length;
    if (head_request && head.body.kind == BodyLength::Kind::known) return head.body.bytes;
    return std::nullopt;
}

void write_status_line(Lines& lines, ResponseHead const& head, std::uint16_t status) {
    auto const reason = head.reason.empty() ? reason_of(status) : head.reason;
    lines << "HTTP/1.1 " << std::uint64_t{status} << " " << reason << "\r\n";
}

} // namespace

std::string_view reason_of(std::uint16_t status) {
    namespace http = boost::beast::http;
    if (status == 103) return "Early Hints"; // RFC 8297; Boost 1.81 does not know it
    auto const known = http::int_to_status(status);
    if (known == http::status::unknown) return {};
    auto const text = http::obsolete_reason(known);
    return {text.data(), text.size()};
}

Framing write_request_head(bytes::ByteQueue& out, RequestHead const& head, bool end,
                           std::string_view websocket_key) {
    auto const framing = request_framing(head, end);
    bool const upgrade = !head.protocol.empty();
    auto const target = head.method == "CONNECT" ? head.authority : head.path;
    Lines lines(out, fixed_lines + head.method.size() + target.size() + head.authority.size() +
                         head.protocol.size() + size_of(head.fields));
    lines << head.method << " " << target << " HTTP/1.1\r\nHost: " << head.authority << "\r\n" << head.fields;
    if (framing.kind == Framing::Kind::chunked) lines << "Transfer-Encoding: chunked\r\n";
    if (framing.kind == Framing::Kind::length) lines << "Content-Length: " << framing.length << "\r\n";
    if (head.trailers_accepted) lines << "TE: trailers\r\n";
    if (upgrade) lines << "Upgrade: " << head.protocol << "\r\n";
    if (upgrade || head.trailers_accepted)
        lines << "Connection: " << (upgrade ? "Upgrade" : "")
              << (upgrade && head.trailers_accepted ? ", " : "") << (head.trailers_accepted ? "TE" : "")
              << "\r\n";
    if (!websocket_key.empty()) {
        lines << "Sec-WebSocket-Key: " << websocket_key << "\r\n";
        if (!find(head.fields, FieldName::sec_websocket_version)) lines << "Sec-WebSocket-Version: 13\r\n";
    }
    lines << "\r\n";
    return framing;
}

Framing write_response_head(bytes::ByteQueue& out, ResponseHead const& head, bool end,
                            ResponseReader reader) {
    auto const framing = response_framing(head, end, reader);
    Lines lines(out, fixed_lines + head.reason.size() + size_of(head.fields));
    write_status_line(lines, head, head.status);
    lines << head.fields;
    if (framing.kind == Framing::Kind::chunked) lines << "Transfer-Encoding: chunked\r\n";
    if (framing.kind == Framing::Kind::length) lines << "Content-Length: " << framing.length << "\r\n";
    if (framing.kind == Framing::Kind::none)
        if (auto const length = length_without_body(head, reader.head_request))
            lines << "Content-Length: " << *length << "\r\n";
    if (!reader.keep_alive || framing.kind == Framing::Kind::until_close)
        lines << "Connection: close\r\n";
    else if (reader.version == HttpVersion::http1_0)
        lines << "Connection: keep-alive\r\n";
    lines << "\r\n";
    return framing;
}

void write_informational(bytes::ByteQueue& out, ResponseHead const& head) {
    Lines lines(out, fixed_lines + head.reason.size() + size_of(head.fields));
    write_status_line(lines, head, head.status);
    lines << head.fields << "\r\n";
}

void write_switch(bytes::ByteQueue& out, ResponseHead const& head, std::string_view websocket_accept) {
    Lines lines(out, fixed_lines + head.protocol.size() + websocket_accept.size() + size_of(head.fields));
    lines << "HTTP/1.1 101 Switching Protocols\r\nUpgrade: " << head.protocol << "\r\nConnection: Upgrade\r\n"
          << head.fields;
    if (!websocket_accept.empty()) lines << "Sec-WebSocket-Accept: " << websocket_accept << "\r\n";
    lines << "\r\n";
}

} // namespace alert40::proxy::http1
