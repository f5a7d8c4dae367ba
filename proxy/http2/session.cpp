#include "proxy/http2/session.hpp"

#include "proxy/http2/connection.hpp"
#include "proxy/http2/stream.hpp"
#include "proxy/message/limits.hpp"

#include <array>
#include <new>
#include <span>
#include <string_view>
#include <utility>

namespace alert40::proxy::http2 {
namespace {

/// Any failure that nghttp2 reports while it is set up is memory: the arguments are constants.
void require(int result) {
    if (result != 0) throw std::bad_alloc{};
}

struct CallbacksDeleter {
    void operator()(nghttp2_session_callbacks* callbacks) const { nghttp2_session_callbacks_del(callbacks); }
};

struct OptionDeleter {
    void operator()(nghttp2_option* option) const { nghttp2_option_del(option); }
};

Connection& connection_of(void* user_data) {
    return *static_cast<Connection*>(user_data);
}

std::string_view text(std::uint8_t const* data, std::size_t size) {
    return {reinterpret_cast<char const*>(data), size};
}

// nghttp2's callbacks, each a door to the Connection. A result other than 0 ends nghttp2_session_mem_recv or
// _mem_send.

int on_begin_headers(nghttp2_session*, nghttp2_frame const* frame, void* user_data) {
    return connection_of(user_data).on_begin_headers(*frame);
}

int on_header(nghttp2_session*, nghttp2_frame const*, std::uint8_t const* name, std::size_t name_size,
              std::uint8_t const* value, std::size_t value_size, std::uint8_t flags, void* user_data) {
    connection_of(user_data).on_header(text(name, name_size), text(value, value_size),
                                       (flags & NGHTTP2_NV_FLAG_NO_INDEX) != 0);
    return 0;
}

/// A name or value that could split an HTTP/1.1 message: the stream is reset with PROTOCOL_ERROR, instead of
/// going on without the field as nghttp2 would.
int on_invalid_header(nghttp2_session*, nghttp2_frame const*, std::uint8_t const*, std::size_t,
                      std::uint8_t const*, std::size_t, std::uint8_t, void*) {
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

int on_begin_frame(nghttp2_session*, nghttp2_frame_hd const* header, void* user_data) {
    return connection_of(user_data).on_begin_frame(*header);
}

int on_frame_recv(nghttp2_session*, nghttp2_frame const* frame, void* user_data) {
    return connection_of(user_data).on_frame(*frame);
}

int on_invalid_frame_recv(nghttp2_session*, nghttp2_frame const* frame, int error, void* user_data) {
    return connection_of(user_data).on_invalid_frame(*frame, nghttp2_strerror(error));
}

int on_data_chunk_recv(nghttp2_session*, std::uint8_t, std::int32_t stream_id, std::uint8_t const* data,
                       std::size_t size, void* user_data) {
    connection_of(user_data).on_data(stream_id, std::span{data, size});
    return 0;
}

int on_stream_close(nghttp2_session*, std::int32_t stream_id, std::uint32_t error_code, void* user_data) {
    return connection_of(user_data).on_stream_closed(stream_id, error_code);
}

/// DATA is seen by Stream::send_data.
int on_frame_send(nghttp2_session*, nghttp2_frame const* frame, void* user_data) {
    bool const last = frame->hd.type == NGHTTP2_HEADERS && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) &&
                      frame->headers.cat != NGHTTP2_HCAT_REQUEST;
    if (last) connection_of(user_data).on_last_head_sent(frame->hd.stream_id);
    return 0;
}

/// A head that cannot be sent (too long for HPACK's output): its stream would wait for ever.
int on_frame_not_send(nghttp2_session* session, nghttp2_frame const* frame, int, void*) {
    bool const head = frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat != NGHTTP2_HCAT_REQUEST;
    if (head && nghttp2_session_get_stream_user_data(session, frame->hd.stream_id))
        nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_INTERNAL_ERROR);
    return 0;
}

int never_ack_settings(nghttp2_session*, nghttp2_frame const* frame, void*) {
    bool const ack = frame->hd.type == NGHTTP2_SETTINGS && (frame->hd.flags & NGHTTP2_FLAG_ACK);
    return ack ? NGHTTP2_ERR_CANCEL : 0;
}

int never_open_window(nghttp2_session*, nghttp2_frame const* frame, void*) {
    return frame->hd.type == NGHTTP2_WINDOW_UPDATE ? NGHTTP2_ERR_CANCEL : 0;
}

int never_either(nghttp2_session* session, nghttp2_frame const* frame, void*) {
    auto const ack = never_ack_settings(session, frame, nullptr);
    return ack != 0 ? ack : never_open_window(session, frame, nullptr);
}

using Callbacks = std::unique_ptr<nghttp2_session_callbacks, CallbacksDeleter>;

/// `before_sending` may keep frames back; it costs a call for each, so most sessions have none.
Callbacks make_callbacks(nghttp2_before_frame_send_callback before_sending) {
    nghttp2_session_callbacks* all = nullptr;
    require(nghttp2_session_callbacks_new(&all));
    nghttp2_session_callbacks_set_on_begin_headers_callback(all, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(all, on_header);
    nghttp2_session_callbacks_set_on_invalid_header_callback(all, on_invalid_header);
    nghttp2_session_callbacks_set_on_begin_frame_callback(all, on_begin_frame);
    nghttp2_session_callbacks_set_on_frame_recv_callback(all, on_frame_recv);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(all, on_invalid_frame_recv);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(all, on_data_chunk_recv);
    nghttp2_session_callbacks_set_on_stream_close_callback(all, on_stream_close);
    nghttp2_session_callbacks_set_on_frame_send_callback(all, on_frame_send);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(all, on_frame_not_send);
    nghttp2_session_callbacks_set_send_data_callback(all, Stream::send_data);
    if (before_sending) nghttp2_session_callbacks_set_before_frame_send_callback(all, before_sending);
    return Callbacks(all);
}

nghttp2_session_callbacks const* callbacks() {
    static auto const made = make_callbacks(nullptr);
    return made.get();
}

nghttp2_session_callbacks const* callbacks_for(Http2Flaws const& flaws) {
    if (!flaws.no_settings_ack && !flaws.no_window) return callbacks();
    static auto const no_ack = make_callbacks(never_ack_settings);
    static auto const no_window = make_callbacks(never_open_window);
    static auto const neither = make_callbacks(never_either);
    if (flaws.no_settings_ack && flaws.no_window) return neither.get();
    return flaws.no_settings_ack ? no_ack.get() : no_window.get();
}

std::unique_ptr<nghttp2_option, OptionDeleter> make_options() {
    nghttp2_option* all = nullptr;
    require(nghttp2_option_new(&all));
    nghttp2_option_set_no_auto_window_update(all,
                                             1);  // a window opens when bytes were passed on, not before
    nghttp2_option_set_no_closed_streams(all, 1); // kept for priorities only
    nghttp2_option_set_max_send_header_block_length(all, 2 * limits::head_bytes);
    // Connection counts nuisances itself, and says ENHANCE_YOUR_CALM; this is far behind it
    nghttp2_option_set_stream_reset_rate_limit(all, 16 * limits::resets_per_window,
                                               limits::resets_per_window);
    return std::unique_ptr<nghttp2_option, OptionDeleter>(all);
}

nghttp2_option const* options() {
    static auto const made = make_options();
    return made.get();
}

void announce(nghttp2_session* session, std::span<nghttp2_settings_entry const> settings) {
    require(nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size()));
    require(nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, limits::connection_window));
}

} // namespace

Session make_server_session(Connection& connection, Http2Flaws const& flaws) {
    auto memory = std::make_unique<SessionMemory>();
    auto allocator = memory->allocator();
    nghttp2_session* session = nullptr;
    require(nghttp2_session_server_new3(&session, callbacks_for(flaws), &connection, options(), &allocator));
    return Session{session, SessionDeleter{std::move(memory)}};
}

Session make_client_session(Connection& connection) {
    nghttp2_session* session = nullptr;
    require(nghttp2_session_client_new2(&session, callbacks(), &connection, options()));
    return Session{session};
}

void announce_server(nghttp2_session* session, Http2Flaws const& flaws) {
    static constexpr std::array settings{
        nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits::streams},
        nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits::head_bytes},
        nghttp2_settings_entry{NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 1}, // RFC 8441
        nghttp2_settings_entry{NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},   // RFC 9218
        nghttp2_settings_entry{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0},     // only where that is the flaw
    };
    auto const all = std::span<nghttp2_settings_entry const>(settings);
    announce(session, flaws.no_window ? all : all.first(all.size() - 1));
}

void announce_client(nghttp2_session* session) {
    static constexpr std::array settings{
        nghttp2_settings_entry{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits::head_bytes},
    };
    announce(session, settings);
}

} // namespace alert40::proxy::http2
