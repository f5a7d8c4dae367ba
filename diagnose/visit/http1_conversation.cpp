#include "diagnose/visit/conversation.hpp"
#include "diagnose/visit/user_agent.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace alert40::diagnose {
namespace {

constexpr std::string_view end_of_head = "\r\n\r\n";

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

/// "HTTP/1.1 200 OK" -> 200 (RFC 9112 section 4).
std::optional<int> status_of(std::string_view head) {
    constexpr std::string_view::size_type digits = 9;
    if (!head.starts_with("HTTP/1.") || head.size() < digits + 3 || head[digits - 1] != ' ')
        return std::nullopt;
    int status = 0;
    auto const* const from = head.data() + digits;
    auto const [end, error] = std::from_chars(from, from + 3, status);
    if (error != std::errc{} || end != from + 3 || status < 100) return std::nullopt;
    return status;
}

std::optional<std::string_view> field(std::string_view head, std::string_view name) {
    for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
        auto const line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        auto const colon = line.find(':');
        if (colon == std::string_view::npos || !same_name(line.substr(0, colon), name)) continue;
        auto value = line.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
        return value.substr(0, value.find_last_not_of(" \t") + 1);
    }
    return std::nullopt;
}

/// Where a body ends (RFC 9112 section 6.3): after so many bytes, with the last chunk, or with the
/// connection.
class BodyEnd {
  public:
    BodyEnd() = default;

    BodyEnd(std::string_view head, int status) {
        if (auto const coding = field(head, "transfer-encoding"))
            chunked_ = true;
        else if (auto const length = field(head, "content-length"))
            read_length(*length);
        if (status == 204 || status == 304) length_ = 0;
    }

    /// Counts bytes of the body; true: it has ended.
    bool passed(std::span<std::uint8_t const> bytes) {
        count_ += bytes.size();
        if (!chunked_) return length_ && count_ >= *length_;
        tail_.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
        if (tail_.size() > last_chunk.size()) tail_.erase(0, tail_.size() - last_chunk.size());
        return tail_ == last_chunk || (count_ == tail_.size() && tail_ == last_chunk.substr(2));
    }

    /// The end of the connection is an end, too.
    bool by_close() const { return !chunked_ && !length_; }

  private:
    static constexpr std::string_view last_chunk = "\r\n0\r\n\r\n";

    void read_length(std::string_view digits) {
        std::size_t length = 0;
        auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
        if (error == std::errc{} && end == digits.data() + digits.size()) length_ = length;
    }

    bool chunked_ = false;
    std::optional<std::size_t> length_;
    std::size_t count_ = 0;
    std::string tail_; ///< of a chunked body
};

class Http1Conversation final : public Conversation {
  public:
    Http1Conversation(std::string_view authority, std::string_view target)
        : request_("GET " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(authority) +
                   "\r\nUser-Agent: " + std::string(user_agent) +
                   "\r\nAccept: */*\r\nConnection: close\r\n\r\n") {
        visited_.protocol = "http/1.1";
    }

    void begin(bytes::ByteQueue& out) override { out.append(request_); }

    bool take(std::span<std::uint8_t const> bytes, bytes::ByteQueue&) override {
        if (visited_.status != 0) return take_body(bytes);
        head_.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
        return take_heads();
    }

    void end() override {
        if (visited_.status == 0)
            fail(tls::FailureKind::eof, "the connection ended before a response came");
        else if (body_.by_close())
            visited_.complete = true;
        else if (!visited_.complete)
            fail(tls::FailureKind::http, "the body ended too early");
    }

  private:
    /// Interim responses (RFC 9110 section 15.2) are passed over.
    bool take_heads() {
        for (auto end = head_.find(end_of_head); end != std::string::npos; end = head_.find(end_of_head)) {
            auto const head = std::string_view(head_).substr(0, end);
            auto const status = status_of(head);
            if (!status) break;
            auto const rest = head_.substr(end + end_of_head.size());
            if (*status < 200) {
                head_ = rest;
                continue;
            }
            visited_.status = *status;
            visited_.date = field(head, "date").value_or("");
            body_ = BodyEnd(head, *status);
            return take_body(std::span{reinterpret_cast<std::uint8_t const*>(rest.data()), rest.size()});
        }
        constexpr std::string_view begins = "HTTP/1.";
        if (!head_.starts_with(begins.substr(0, std::min(head_.size(), begins.size()))) ||
            head_.size() > most_head || head_.find(end_of_head) != std::string::npos) {
            fail(tls::FailureKind::malformed, "the answer is not an HTTP/1.1 response");
            return false;
        }
        return true;
    }

    bool take_body(std::span<std::uint8_t const> bytes) {
        if (!bytes.empty()) {
            visited_.body_bytes += bytes.size();
            ++visited_.body_pieces;
        }
        visited_.complete = body_.passed(bytes);
        return !visited_.complete && visited_.body_bytes < most_body;
    }

    std::string request_, head_;
    BodyEnd body_;
};

} // namespace

void Conversation::fail(tls::FailureKind kind, std::string detail) {
    visited_.failure = tls::Failure{.by = tls::By::upstream,
                                    .phase = tls::Phase::after,
                                    .kind = kind,
                                    .alert = std::nullopt,
                                    .detail = std::move(detail)};
}

std::unique_ptr<Conversation> make_http1_conversation(std::string_view authority, std::string_view target) {
    return std::make_unique<Http1Conversation>(authority, target);
}

} // namespace alert40::diagnose
