#include "net/http2_get/get_session.hpp"

#include <nghttp2/nghttp2.h>

#include <array>
#include <new>
#include <vector>

namespace alert40::net {

namespace {

std::string_view text(std::uint8_t const* data, std::size_t size) {
    return {reinterpret_cast<char const*>(data), size};
}

nghttp2_nv header(GetSession::Field const& field) {
    auto const bytes = [](std::string_view of) {
        return const_cast<std::uint8_t*>(reinterpret_cast<std::uint8_t const*>(of.data()));
    };
    return {bytes(field.first), bytes(field.second), field.first.size(), field.second.size(),
            NGHTTP2_NV_FLAG_NONE};
}

void require(int result) {
    if (result < 0) throw std::bad_alloc{};
}

struct CallbacksDeleter {
    void operator()(nghttp2_session_callbacks* callbacks) const { nghttp2_session_callbacks_del(callbacks); }
};

} // namespace

struct GetSession::Callbacks {
    static Listener& listener(void* user_data) { return static_cast<GetSession*>(user_data)->listener_; }

    static int on_header(nghttp2_session*, nghttp2_frame const* frame, std::uint8_t const* name,
                         std::size_t name_size, std::uint8_t const* value, std::size_t value_size,
                         std::uint8_t, void* user_data) {
        listener(user_data).on_field(frame->hd.stream_id, text(name, name_size), text(value, value_size));
        return 0;
    }

    static int on_frame(nghttp2_session*, nghttp2_frame const* frame, void* user_data) {
        if (frame->hd.type == NGHTTP2_GOAWAY) listener(user_data).on_goaway(frame->goaway.error_code);
        if (frame->hd.type == NGHTTP2_SETTINGS) on_settings(frame->settings, listener(user_data));
        return 0;
    }

    static void on_settings(nghttp2_settings const& settings, Listener& listener) {
        if ((settings.hd.flags & NGHTTP2_FLAG_ACK) != 0) return listener.on_settings_acknowledged();
        std::optional<std::uint32_t> initial_window;
        for (auto const& entry : std::span{settings.iv, settings.niv})
            if (entry.settings_id == NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE) initial_window = entry.value;
        listener.on_settings(initial_window);
    }

    static int on_data(nghttp2_session*, std::uint8_t, std::int32_t stream, std::uint8_t const* data,
                       std::size_t size, void* user_data) {
        listener(user_data).on_data(stream, {data, size});
        return 0;
    }

    static int on_stream_close(nghttp2_session*, std::int32_t stream, std::uint32_t code, void* user_data) {
        listener(user_data).on_close(stream, code);
        return 0;
    }
};

GetSession::GetSession(Listener& listener)
    : listener_(listener) {
    nghttp2_session_callbacks* made = nullptr;
    require(nghttp2_session_callbacks_new(&made));
    std::unique_ptr<nghttp2_session_callbacks, CallbacksDeleter> const callbacks(made);
    nghttp2_session_callbacks_set_on_header_callback(made, Callbacks::on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(made, Callbacks::on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, Callbacks::on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(made, Callbacks::on_stream_close);
    nghttp2_session* session = nullptr;
    require(nghttp2_session_client_new(&session, made, this));
    session_.reset(session);
}

GetSession::~GetSession() = default;

void GetSession::Deleter::operator()(nghttp2_session* session) const {
    nghttp2_session_del(session);
}

void GetSession::begin(bytes::ByteQueue& out) {
    constexpr std::array settings{nghttp2_settings_entry{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}};
    require(nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, settings.data(), settings.size()));
    send(out);
}

std::optional<std::int32_t> GetSession::get(std::string_view authority, std::string_view target,
                                            std::span<Field const> more, bytes::ByteQueue& out) {
    if (nghttp2_session_check_request_allowed(session_.get()) == 0) return std::nullopt;
    std::vector<nghttp2_nv> fields{header({":method", "GET"}), header({":scheme", "https"}),
                                   header({":authority", authority}), header({":path", target})};
    for (auto const& field : more)
        fields.push_back(header(field));
    auto const stream =
        nghttp2_submit_request(session_.get(), nullptr, fields.data(), fields.size(), nullptr, nullptr);
    require(stream);
    send(out);
    return stream;
}

void GetSession::cancel(std::int32_t stream) {
    require(nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL));
}

bool GetSession::receive(std::span<std::uint8_t const> bytes, bytes::ByteQueue& out) {
    auto const taken = nghttp2_session_mem_recv(session_.get(), bytes.data(), bytes.size());
    send(out);
    return taken >= 0 && nghttp2_session_want_read(session_.get()) != 0;
}

void GetSession::send(bytes::ByteQueue& out) {
    std::uint8_t const* data = nullptr;
    for (auto size = nghttp2_session_mem_send(session_.get(), &data); size > 0;
         size = nghttp2_session_mem_send(session_.get(), &data))
        out.append(std::span{data, static_cast<std::size_t>(size)});
}

} // namespace alert40::net
