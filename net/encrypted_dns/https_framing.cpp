#include "net/encrypted_dns/dns_framing.hpp"
#include "text/base64.hpp"

#include <nghttp2/nghttp2.h>

#include <array>
#include <charconv>
#include <map>
#include <new>

namespace alert40::net {

namespace {

constexpr std::string_view media_type = "application/dns-message";

std::string_view text(std::uint8_t const* data, std::size_t size) {
    return {reinterpret_cast<char const*>(data), size};
}

std::string_view text(DnsMessage const& message) {
    return text(message.data(), message.size());
}

nghttp2_nv field(std::string_view name, std::string_view value) {
    auto const bytes = [](std::string_view of) {
        return const_cast<std::uint8_t*>(reinterpret_cast<std::uint8_t const*>(of.data()));
    };
    return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

struct SessionDeleter {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
};

struct CallbacksDeleter {
    void operator()(nghttp2_session_callbacks* callbacks) const { nghttp2_session_callbacks_del(callbacks); }
};

class HttpsFraming final : public DnsFraming {
  public:
    HttpsFraming(std::string_view authority, std::string_view path)
        : authority_(authority)
        , path_(path) {
        nghttp2_session_callbacks* made = nullptr;
        require(nghttp2_session_callbacks_new(&made));
        std::unique_ptr<nghttp2_session_callbacks, CallbacksDeleter> const callbacks(made);
        nghttp2_session_callbacks_set_on_header_callback(made, on_header);
        nghttp2_session_callbacks_set_on_frame_recv_callback(made, on_frame);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, on_data);
        nghttp2_session_callbacks_set_on_stream_close_callback(made, on_stream_close);
        nghttp2_session* session = nullptr;
        require(nghttp2_session_client_new(&session, made, this));
        session_.reset(session);
    }

    void begin(bytes::ByteQueue& out) override {
        constexpr std::array settings{nghttp2_settings_entry{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}};
        require(nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, settings.data(), settings.size()));
        send(out);
    }

    void ask(std::uint16_t number, DnsMessage question, bytes::ByteQueue& out) override {
        auto const target = path_ + "?dns=" + text::base64url(text(question));
        std::array const fields{field(":method", "GET"), field(":scheme", "https"),
                                field(":authority", authority_), field(":path", target),
                                field("accept", media_type)};
        auto const stream =
            nghttp2_submit_request(session_.get(), nullptr, fields.data(), fields.size(), nullptr, nullptr);
        if (stream < 0) { // it is going away; others still wait for their answers
            answered_.push_back({number, std::string("it takes no more questions")});
            return;
        }
        replies_.emplace(stream, Reply{.number = number});
        send(out);
    }

    std::optional<std::string> take(std::span<std::uint8_t const> bytes, bytes::ByteQueue& out,
                                    std::vector<Answered>& answered) override {
        auto const taken = nghttp2_session_mem_recv(session_.get(), bytes.data(), bytes.size());
        send(out);
        for (auto& one : answered_)
            answered.push_back(std::move(one));
        answered_.clear();
        if (taken < 0 || nghttp2_session_want_read(session_.get()) == 0)
            return "it does not keep to HTTP/2, or ends the connection";
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

    static void require(int result) {
        if (result != 0) throw std::bad_alloc{};
    }

    static HttpsFraming& self(void* user_data) { return *static_cast<HttpsFraming*>(user_data); }

    Reply* reply_of(std::int32_t stream) {
        auto const found = replies_.find(stream);
        return found == replies_.end() ? nullptr : &found->second;
    }

    static int on_header(nghttp2_session*, nghttp2_frame const* frame, std::uint8_t const* name,
                         std::size_t name_size, std::uint8_t const* value, std::size_t value_size,
                         std::uint8_t, void* user_data) {
        auto* const reply = self(user_data).reply_of(frame->hd.stream_id);
        if (!reply) return 0;
        auto const shown = text(value, value_size);
        if (text(name, name_size) == ":status")
            std::from_chars(shown.begin(), shown.end(), reply->status);
        else if (text(name, name_size) == "content-type")
            reply->is_dns = shown.substr(0, shown.find(';')) == media_type;
        return 0;
    }

    static int on_frame(nghttp2_session*, nghttp2_frame const* frame, void* user_data) {
        if (frame->hd.type == NGHTTP2_GOAWAY) self(user_data).going_away_ = true;
        return 0;
    }

    static int on_data(nghttp2_session* session, std::uint8_t, std::int32_t stream, std::uint8_t const* data,
                       std::size_t size, void* user_data) {
        auto* const reply = self(user_data).reply_of(stream);
        if (!reply) return 0;
        if (reply->body.size() + size > most_bytes)
            return nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
        reply->body.insert(reply->body.end(), data, data + size);
        return 0;
    }

    static int on_stream_close(nghttp2_session*, std::int32_t stream, std::uint32_t code, void* user_data) {
        self(user_data).closed(stream, code);
        return 0;
    }

    void closed(std::int32_t stream, std::uint32_t code) {
        auto const node = replies_.extract(stream);
        if (node.empty()) return;
        auto& reply = node.mapped();
        constexpr int ok = 200;
        if (code != NGHTTP2_NO_ERROR)
            answered_.push_back({reply.number, std::string("it broke the answer off")});
        else if (reply.status != ok)
            answered_.push_back({reply.number, "it answered with status " + std::to_string(reply.status)});
        else if (!reply.is_dns || reply.body.size() < dns_header)
            answered_.push_back({reply.number, "its answer is no " + std::string(media_type)});
        else
            answered_.push_back({reply.number, std::move(reply.body)});
    }

    void send(bytes::ByteQueue& out) {
        std::uint8_t const* data = nullptr;
        for (auto size = nghttp2_session_mem_send(session_.get(), &data); size > 0;
             size = nghttp2_session_mem_send(session_.get(), &data))
            out.append(std::span{data, static_cast<std::size_t>(size)});
    }

    std::string authority_, path_;
    std::map<std::int32_t, Reply> replies_; ///< by stream
    std::vector<Answered> answered_;
    bool going_away_ = false;
    std::unique_ptr<nghttp2_session, SessionDeleter> session_; ///< destroyed first: it closes its streams
};

} // namespace

std::unique_ptr<DnsFraming> make_https_framing(std::string_view authority, std::string_view path) {
    return std::make_unique<HttpsFraming>(authority, path);
}

} // namespace alert40::net
