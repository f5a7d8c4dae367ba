#include "support/h2_peer.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace alert40::test {
namespace {

void require(int result) {
    if (result < 0) throw std::logic_error(nghttp2_strerror(result));
}

std::vector<nghttp2_nv> lines_of(H2Fields const& fields) {
    std::vector<nghttp2_nv> lines;
    for (auto const& [name, value] : fields)
        lines.push_back({reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
                         reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(),
                         value.size(), NGHTTP2_NV_FLAG_NONE});
    return lines;
}

std::string_view text(std::uint8_t const* data, std::size_t size) {
    return {reinterpret_cast<char const*>(data), size};
}

} // namespace

std::string H2Received::operator[](std::string_view name) const {
    if (heads.empty()) return {};
    auto const& last = heads.back();
    auto const found =
        std::find_if(last.begin(), last.end(), [&](auto const& field) { return field.first == name; });
    return found == last.end() ? std::string{} : found->second;
}

struct H2Peer::Callbacks {
    static H2Peer& peer(void* user_data) { return *static_cast<H2Peer*>(user_data); }

    static int begin_headers(nghttp2_session*, nghttp2_frame const* frame, void* user_data) {
        auto& self = peer(user_data);
        if (!self.streams_.contains(frame->hd.stream_id)) self.opened_.push_back(frame->hd.stream_id);
        self.streams_[frame->hd.stream_id].heads.emplace_back();
        return 0;
    }

    static int header(nghttp2_session*, nghttp2_frame const* frame, std::uint8_t const* name,
                      std::size_t name_size, std::uint8_t const* value, std::size_t value_size, std::uint8_t,
                      void* user_data) {
        auto& head = peer(user_data).streams_[frame->hd.stream_id].heads.back();
        head.emplace_back(text(name, name_size), text(value, value_size));
        return 0;
    }

    static int frame(nghttp2_session*, nghttp2_frame const* frame, void* user_data) {
        auto& self = peer(user_data);
        bool const carries_end = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
        if (carries_end && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM))
            self.streams_[frame->hd.stream_id].ended = true;
        return 0;
    }

    static int data(nghttp2_session*, std::uint8_t, std::int32_t stream, std::uint8_t const* bytes,
                    std::size_t size, void* user_data) {
        peer(user_data).streams_[stream].body.append(text(bytes, size));
        return 0;
    }

    static ssize_t read(nghttp2_session* session, std::int32_t stream, std::uint8_t* into, std::size_t most,
                        std::uint32_t* flags, nghttp2_data_source*, void* user_data) {
        static_cast<void>(session);
        auto& outgoing = peer(user_data).outgoing_[stream];
        auto const n = std::min(most, outgoing.bytes.size());
        if (n == 0 && !outgoing.ended) return NGHTTP2_ERR_DEFERRED;
        std::memcpy(into, outgoing.bytes.data(), n);
        outgoing.bytes.erase(0, n);
        if (outgoing.ended && outgoing.bytes.empty()) {
            *flags |= NGHTTP2_DATA_FLAG_EOF;
            if (outgoing.no_end_stream) *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        }
        return static_cast<ssize_t>(n);
    }
};

H2Peer::H2Peer(int fd, Role role, Options options)
    : fd_(fd)
    , manual_(options.manual_windows)
    , silent_(options.silent)
    , preface_seen_(role == Role::client) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_option* option = nullptr;
    require(nghttp2_session_callbacks_new(&callbacks));
    require(nghttp2_option_new(&option));
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, Callbacks::begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::data);
    nghttp2_option_set_no_http_messaging(option, 1);
    nghttp2_option_set_no_auto_window_update(option, manual_ ? 1 : 0);
    auto const make = role == Role::client ? nghttp2_session_client_new2 : nghttp2_session_server_new2;
    require(make(&session_, callbacks, this, option));
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    if (!silent_)
        require(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, options.settings.data(),
                                        options.settings.size()));
}

H2Peer::~H2Peer() {
    hang_up();
    nghttp2_session_del(session_);
}

void H2Peer::hang_up() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

bool H2Peer::pump() {
    if (fd_ < 0) return false;
    bool const received = reads_ && receive();
    return send() || received;
}

bool H2Peer::receive() {
    std::array<std::uint8_t, 64 * 1024> bytes;
    bool any = false;
    while (!saw_end_) {
        auto const n = ::recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (n < 0) return any;
        any = true;
        saw_end_ = n == 0;
        if (n <= 0) continue;
        note_frames(text(bytes.data(), static_cast<std::size_t>(n)));
        nghttp2_session_mem_recv(session_, bytes.data(), static_cast<std::size_t>(n));
    }
    return any;
}

/// What ends things is read from the bytes: after `raw`, nghttp2 may not want to hear of it any more.
void H2Peer::note_frames(std::string_view bytes) {
    constexpr std::size_t client_preface = 24;
    in_ += bytes;
    if (!preface_seen_) {
        if (in_.size() < client_preface) return;
        in_.erase(0, client_preface);
        preface_seen_ = true;
    }
    auto const number = [this](std::size_t at, std::size_t size) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value = value << 8 | static_cast<std::uint8_t>(in_[at + i]);
        return value;
    };
    while (in_.size() >= 9 && in_.size() >= 9 + number(0, 3)) {
        auto const type = number(3, 1);
        auto const stream = static_cast<std::int32_t>(number(5, 4));
        if (type == NGHTTP2_RST_STREAM) streams_[stream].reset = number(9, 4);
        if (type == NGHTTP2_WINDOW_UPDATE && stream != 0) ++window_updates_;
        if (type == NGHTTP2_SETTINGS && (number(4, 1) & NGHTTP2_FLAG_ACK)) ++settings_acks_;
        if (type == NGHTTP2_GOAWAY) {
            goaway_last_ = static_cast<std::int32_t>(number(9, 4));
            goaway_code_ = number(13, 4);
        }
        in_.erase(0, 9 + number(0, 3));
    }
}

bool H2Peer::send() {
    if (!silent_) {
        std::uint8_t const* frame = nullptr;
        for (ssize_t size = 0; (size = nghttp2_session_mem_send(session_, &frame)) > 0;)
            out_.append(text(frame, static_cast<std::size_t>(size)));
    }
    if (out_.empty()) return false;
    auto const n = ::send(fd_, out_.data(), out_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n <= 0) return false;
    out_.erase(0, static_cast<std::size_t>(n));
    return true;
}

nghttp2_data_provider H2Peer::body_of(std::int32_t stream) {
    outgoing_.try_emplace(stream);
    return {.source = {.ptr = nullptr}, .read_callback = Callbacks::read};
}

std::int32_t H2Peer::request(H2Fields const& fields, bool end) {
    auto const lines = lines_of(fields);
    nghttp2_data_provider const provider{.source = {.ptr = nullptr}, .read_callback = Callbacks::read};
    auto const id = nghttp2_submit_request(session_, nullptr, lines.data(), lines.size(),
                                           end ? nullptr : &provider, nullptr);
    require(id);
    streams_[id];
    return id;
}

void H2Peer::head(std::int32_t stream, H2Fields const& fields, bool end) {
    auto const lines = lines_of(fields);
    bool const interim = !fields.empty() && fields[0].second.starts_with('1') && fields[0].first == ":status";
    auto const provider = body_of(stream);
    if (interim)
        require(nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, stream, nullptr, lines.data(),
                                       lines.size(), nullptr));
    else
        require(
            nghttp2_submit_response(session_, stream, lines.data(), lines.size(), end ? nullptr : &provider));
}

void H2Peer::body(std::int32_t stream, std::string_view piece, bool end) {
    auto& outgoing = outgoing_[stream];
    outgoing.bytes += piece;
    outgoing.ended = end;
    nghttp2_session_resume_data(session_, stream);
}

void H2Peer::trailers(std::int32_t stream, H2Fields const& fields) {
    auto& outgoing = outgoing_[stream];
    outgoing.ended = true;
    outgoing.no_end_stream = true;
    nghttp2_session_resume_data(session_, stream);
    pump();
    auto const lines = lines_of(fields);
    require(nghttp2_submit_trailer(session_, stream, lines.data(), lines.size()));
}

void H2Peer::reset(std::int32_t stream, std::uint32_t code) {
    require(nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, code));
}

void H2Peer::goaway(std::int32_t last_stream, std::uint32_t code) {
    require(nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, last_stream, code, nullptr, 0));
}

void H2Peer::ping() {
    require(nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr));
}

void H2Peer::settings() {
    require(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0));
}

void H2Peer::consume(std::int32_t stream, std::size_t n) {
    require(nghttp2_session_consume(session_, stream, n));
}

void H2Peer::raw(std::string_view bytes) {
    send();
    out_ += bytes;
}

std::string h2_frame(std::uint8_t type, std::uint8_t flags, std::int32_t stream, std::string_view payload) {
    auto const size = static_cast<std::uint32_t>(payload.size());
    auto const id = static_cast<std::uint32_t>(stream);
    std::string frame;
    for (unsigned const part : {size >> 16, size >> 8, size, std::uint32_t{type}, std::uint32_t{flags},
                                id >> 24, id >> 16, id >> 8, id})
        frame += static_cast<char>(part & 0xff);
    return frame.append(payload);
}

std::string h2_field(std::string_view name, std::string_view value) {
    std::string line(1, '\x10');
    line += static_cast<char>(name.size());
    line += name;
    line += static_cast<char>(value.size());
    return line.append(value);
}

} // namespace alert40::test
