#include "net/encrypted_dns/dns_framing.hpp"
#include "net/http2_get/get_session.hpp"
#include "text/base64.hpp"

#include <array>
#include <charconv>
#include <map>
#include <utility>

namespace alert40::net {

namespace {

constexpr std::string_view media_type = "application/dns-message";

class HttpsFraming final : public DnsFraming, GetSession::Listener {
  public:
    HttpsFraming(std::string_view authority, std::string_view path)
        : authority_(authority)
        , path_(path) {}

    void begin(bytes::ByteQueue& out) override { session_.begin(out); }

    void ask(std::uint16_t number, DnsMessage question, bytes::ByteQueue& out) override {
        std::string_view const message{reinterpret_cast<char const*>(question.data()), question.size()};
        constexpr std::array fields{GetSession::Field{"accept", media_type}};
        auto const stream = session_.get(authority_, path_ + "?dns=" + text::base64url(message), fields, out);
        if (stream)
            replies_.emplace(*stream, Reply{.number = number});
        else // it is going away; others still wait for their answers
            answered_.push_back({number, std::string("it takes no more questions")});
    }

    std::optional<std::string> take(std::span<std::uint8_t const> bytes, bytes::ByteQueue& out,
                                    std::vector<Answered>& answered) override {
        bool const goes_on = session_.receive(bytes, out);
        for (auto& one : std::exchange(answered_, {}))
            answered.push_back(std::move(one));
        if (!goes_on) return "it does not keep to HTTP/2, or ends the connection";
        if (going_away_ && replies_.empty()) return "it ends the connection";
        return std::nullopt;
    }

  private:
    /// What has come of one stream.
    struct Reply {
        std::uint16_t number = 0;
        int status = 0;
        bool is_dns = false; ///< by its Content-Type
        DnsMessage body{};
    };

    Reply* reply_of(std::int32_t stream) {
        auto const found = replies_.find(stream);
        return found == replies_.end() ? nullptr : &found->second;
    }

    void on_field(std::int32_t stream, std::string_view name, std::string_view value) override {
        auto* const reply = reply_of(stream);
        if (!reply) return;
        if (name == ":status")
            std::from_chars(value.begin(), value.end(), reply->status);
        else if (name == "content-type")
            reply->is_dns = value.substr(0, value.find(';')) == media_type;
    }

    void on_data(std::int32_t stream, std::span<std::uint8_t const> bytes) override {
        auto* const reply = reply_of(stream);
        if (!reply) return;
        if (reply->body.size() + bytes.size() > most_bytes) return session_.cancel(stream);
        reply->body.insert(reply->body.end(), bytes.begin(), bytes.end());
    }

    void on_close(std::int32_t stream, std::uint32_t code) override {
        auto const node = replies_.extract(stream);
        if (node.empty()) return;
        auto& reply = node.mapped();
        constexpr int ok = 200;
        if (code != 0)
            answered_.push_back({reply.number, std::string("it broke the answer off")});
        else if (reply.status != ok)
            answered_.push_back({reply.number, "it answered with status " + std::to_string(reply.status)});
        else if (!reply.is_dns || reply.body.size() < dns_header)
            answered_.push_back({reply.number, "its answer is no " + std::string(media_type)});
        else
            answered_.push_back({reply.number, std::move(reply.body)});
    }

    void on_goaway(std::uint32_t) override { going_away_ = true; }

    std::string authority_, path_;
    std::map<std::int32_t, Reply> replies_; ///< by stream
    std::vector<Answered> answered_;
    bool going_away_ = false;
    GetSession session_{*this}; ///< destroyed first: what it tells goes to the others
};

} // namespace

std::unique_ptr<DnsFraming> make_https_framing(std::string_view authority, std::string_view path) {
    return std::make_unique<HttpsFraming>(authority, path);
}

} // namespace alert40::net
