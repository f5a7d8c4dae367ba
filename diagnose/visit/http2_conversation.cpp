#include "diagnose/visit/conversation.hpp"
#include "diagnose/visit/user_agent.hpp"
#include "policy/http_code.hpp"

#include <nghttp2/nghttp2.h>

#include <array>
#include <charconv>
#include <new>

namespace alert40::diagnose {
namespace {

std::string_view text(std::uint8_t const* data, std::size_t size) {
    return {reinterpret_cast<char const*>(data), size};
}

std::string code_text(std::uint32_t code) {
    auto const name = policy::http2_error_name(code);
    return name.empty() ? std::to_string(code) : std::string(name);
}

nghttp2_nv header(std::string_view name, std::string_view value) {
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

class Http2Conversation final : public Conversation {
  public:
    Http2Conversation(std::string_view authority, std::string_view target)
        : authority_(authority)
        , target_(target) {
        visited_.protocol = "h2";
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
        std::array const fields{header(":method", "GET"),         header(":scheme", "https"),
                                header(":authority", authority_), header(":path", target_),
                                header("user-agent", user_agent), header("accept", "*/*")};
        auto const stream =
            nghttp2_submit_request(session_.get(), nullptr, fields.data(), fields.size(), nullptr, nullptr);
        if (stream < 0) throw std::bad_alloc{};
        send(out);
    }

    bool take(std::span<std::uint8_t const> bytes, bytes::ByteQueue& out) override {
        auto const taken = nghttp2_session_mem_recv(session_.get(), bytes.data(), bytes.size());
        send(out);
        bool const gave_up = taken < 0 || nghttp2_session_want_read(session_.get()) == 0;
        if (gave_up && !over_ && !visited_.failure)
            fail(tls::FailureKind::h2, greeted_ ? goaway_.value_or("the peer breaks HTTP/2")
                                                : "the answer is not HTTP/2: no SETTINGS came first");
        return !over_ && !visited_.failure && visited_.body_bytes < most_body;
    }

    void end() override {
        if (over_ || visited_.failure) return;
        if (goaway_ && visited_.status == 0)
            fail(tls::FailureKind::h2, *goaway_);
        else
            fail(tls::FailureKind::eof, visited_.status == 0
                                            ? greeted_ ? "the connection ended before a response came"
                                                       : "the connection ended on the preface"
                                            : "the body ended too early");
    }

  private:
    static void require(int result) {
        if (result != 0) throw std::bad_alloc{};
    }

    static Http2Conversation& self(void* user_data) { return *static_cast<Http2Conversation*>(user_data); }

    static int on_header(nghttp2_session*, nghttp2_frame const*, std::uint8_t const* name,
                         std::size_t name_size, std::uint8_t const* value, std::size_t value_size,
                         std::uint8_t, void* user_data) {
        if (text(name, name_size) == "date") self(user_data).visited_.date = text(value, value_size);
        if (text(name, name_size) != ":status") return 0;
        int status = 0;
        std::from_chars(text(value, value_size).begin(), text(value, value_size).end(), status);
        if (status >= 200) self(user_data).visited_.status = status;
        return 0;
    }

    static int on_frame(nghttp2_session*, nghttp2_frame const* frame, void* user_data) {
        self(user_data).received(*frame);
        return 0;
    }

    static int on_data(nghttp2_session*, std::uint8_t, std::int32_t, std::uint8_t const*, std::size_t size,
                       void* user_data) {
        auto& visited = self(user_data).visited_;
        visited.body_bytes += size;
        ++visited.body_pieces;
        return 0;
    }

    static int on_stream_close(nghttp2_session*, std::int32_t, std::uint32_t code, void* user_data) {
        self(user_data).closed(code);
        return 0;
    }

    void received(nghttp2_frame const& frame) {
        if (frame.hd.type == NGHTTP2_GOAWAY) {
            goaway_ = "GOAWAY with " + code_text(frame.goaway.error_code);
            if (visited_.status == 0 && frame.goaway.error_code != NGHTTP2_NO_ERROR)
                fail(tls::FailureKind::h2, *goaway_);
        }
        if (frame.hd.type != NGHTTP2_SETTINGS) return;
        if ((frame.hd.flags & NGHTTP2_FLAG_ACK) != 0) {
            visited_.settings_acknowledged = true;
            return;
        }
        greeted_ = true;
        for (auto const& entry : std::span{frame.settings.iv, frame.settings.niv})
            if (entry.settings_id == NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE)
                visited_.initial_window = entry.value;
    }

    void closed(std::uint32_t code) {
        over_ = true;
        if (code != NGHTTP2_NO_ERROR)
            fail(tls::FailureKind::h2, goaway_ ? *goaway_ : "RST_STREAM with " + code_text(code));
        else if (visited_.status == 0)
            fail(tls::FailureKind::h2, "the stream ended without a response");
        else
            visited_.complete = true;
    }

    void send(bytes::ByteQueue& out) {
        std::uint8_t const* data = nullptr;
        for (auto size = nghttp2_session_mem_send(session_.get(), &data); size > 0;
             size = nghttp2_session_mem_send(session_.get(), &data))
            out.append(std::span{data, static_cast<std::size_t>(size)});
    }

    std::string authority_, target_;
    std::unique_ptr<nghttp2_session, SessionDeleter> session_;
    std::optional<std::string> goaway_;
    bool greeted_ = false; ///< the peer's SETTINGS came
    bool over_ = false;    ///< the stream is closed
};

} // namespace

std::unique_ptr<Conversation> make_http2_conversation(std::string_view authority, std::string_view target) {
    return std::make_unique<Http2Conversation>(authority, target);
}

} // namespace alert40::diagnose
