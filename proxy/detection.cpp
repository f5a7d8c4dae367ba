#include "proxy/detection.hpp"

#include "proxy/message/limits.hpp"

#include <utility>

namespace alert40::proxy {
namespace {

constexpr char tls_handshake = 22;
constexpr char socks_version = 5;
constexpr std::string_view http2_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

std::string_view text(bytes::ByteQueue const& queue) {
    return {reinterpret_cast<char const*>(queue.data().data()), queue.size()};
}

} // namespace

Protocol detect(std::string_view first_bytes) {
    if (first_bytes.starts_with(http2_preface)) return Protocol::http2;
    if (first_bytes.starts_with(tls_handshake)) return Protocol::tls;
    if (first_bytes.starts_with(socks_version)) return Protocol::socks5;
    return http2_preface.starts_with(first_bytes) ? Protocol::undecided : Protocol::http1;
}

Detection::Detection(std::unique_ptr<net::ByteStream> stream, std::shared_ptr<Entrance const> entrance,
                     Host& host)
    : stream_(std::move(stream))
    , entrance_(std::move(entrance))
    , host_(host)
    , since_(stream_->loop().now()) {
    stream_->start(*this);
}

void Detection::on_readable() {
    auto const taken = stream_->read(seen_.prepare(bytes::smallest_block));
    if (taken.status == tls::engine::Status::want_input) return seen_.commit(0);
    if (taken.status != tls::engine::Status::ok) {
        seen_.commit(0);
        note_end(taken.status);
        return host_.detection_ended(*this);
    }
    if (seen_.empty()) since_ = stream_->loop().now();
    seen_.commit(taken.bytes);
    auto const protocol = detect(text(seen_));
    if (protocol == Protocol::undecided) return;
    stream_->push_back(seen_.data());
    seen_.clear();
    host_.detected(*this, protocol, std::move(stream_));
}

/// Of TLS that ended here it tells what the app thought of the certificate. HTTP/2 begins at once (RFC 9113
/// section 3.4), so an app that has agreed on it and hangs up without a word has changed its mind; one that
/// speaks HTTP/1.1 may only have opened a connection to have it.
void Detection::note_end(tls::engine::Status status) {
    if (!seen_.empty() || !stream_->is_tls()) return;
    if (status == tls::engine::Status::failed && stream_->failure().alert)
        silent_end_ = stream_->failure();
    else if (stream_->alpn() == "h2")
        silent_end_ = tls::Failure{tls::By::downstream, tls::Phase::after, tls::FailureKind::eof,
                                   std::nullopt, "closed without a request"};
}

void Detection::on_broken(tls::Failure const&) {
    host_.detection_ended(*this);
}

void Detection::drain() {
    host_.detection_ended(*this);
}

void Detection::on_tick(std::chrono::steady_clock::time_point now) {
    auto const allowed =
        seen_.empty() ? std::chrono::milliseconds{limits::idle_downstream} : limits::request_head_time;
    if (now - since_ > allowed) host_.detection_ended(*this);
}

} // namespace alert40::proxy
