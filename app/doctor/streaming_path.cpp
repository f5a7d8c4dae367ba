#include "app/doctor/streaming_path.hpp"

#include "app/doctor/h2_frames.hpp"

namespace alert40::app::doctor {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 5s;                    // for a proxy to open a tunnel
constexpr std::size_t most_received = 64 * 1024; // bytes; the messages have a few hundred

std::string origin_at(std::uint16_t port) {
    return "127.0.0.1:" + std::to_string(port);
}

std::string field_of(std::string const& authorization) {
    return authorization.empty() ? "" : "Proxy-Authorization: " + authorization + "\r\n";
}

/// Chunk sizes may stand between the messages, but never in one: the origin sends each as one chunk.
class Http1Path : public StreamingPath {
  public:
    Http1Path(pointing::ProxyAddress proxy, std::string authorization)
        : proxy_(std::move(proxy))
        , authorization_(std::move(authorization)) {}

    bool ask(std::uint16_t port) override {
        socket_ = LocalSocket::connect(proxy_.host, proxy_.port);
        return socket_ &&
               socket_->send("GET http://" + origin_at(port) + "/ HTTP/1.1\r\nHost: " + origin_at(port) +
                             "\r\n" + field_of(authorization_) + "Accept: text/event-stream\r\n\r\n");
    }

  protected:
    bool take(std::string_view bytes) override {
        received_ += bytes;
        return received_.size() < most_received;
    }

    std::string_view body() const override { return received_; }

    pointing::ProxyAddress proxy_;
    std::string authorization_, received_;
};

class TunnelPath final : public Http1Path {
  public:
    using Http1Path::Http1Path;

    bool ask(std::uint16_t port) override {
        auto const origin = origin_at(port);
        socket_ = LocalSocket::connect(proxy_.host, proxy_.port);
        if (!socket_ || !socket_->send("CONNECT " + origin + " HTTP/1.1\r\nHost: " + origin + "\r\n" +
                                       field_of(authorization_) + "\r\n"))
            return false;
        std::string answer;
        while (answer.find("\r\n\r\n") == answer.npos) {
            auto const more = socket_->receive(patience);
            if (more.empty() || answer.size() > most_received) return false;
            answer += more;
        }
        return answer.starts_with("HTTP/1.1 200") &&
               socket_->send("GET / HTTP/1.1\r\nHost: " + origin + "\r\nAccept: text/event-stream\r\n\r\n");
    }
};

class Http2Path final : public StreamingPath {
  public:
    Http2Path(pointing::ProxyAddress proxy, std::string authorization)
        : proxy_(std::move(proxy))
        , authorization_(std::move(authorization)) {}

    bool ask(std::uint16_t port) override {
        socket_ = LocalSocket::connect(proxy_.host, proxy_.port);
        std::vector<std::pair<std::string, std::string>> fields{{"accept", "text/event-stream"}};
        if (!authorization_.empty()) fields.emplace_back("proxy-authorization", authorization_);
        return socket_ && socket_->send(h2_get(origin_at(port), fields));
    }

  protected:
    bool take(std::string_view bytes) override {
        bool const greeted = reader_.settings_seen();
        reader_.feed(bytes);
        if (!greeted && reader_.settings_seen()) socket_->send(h2_settings_ack());
        return !reader_.failed();
    }

    std::string_view body() const override { return reader_.data(); }

  private:
    pointing::ProxyAddress proxy_;
    std::string authorization_;
    H2Reader reader_;
};

} // namespace

std::string_view title_of(Way way) {
    switch (way) {
    case Way::http1: return "HTTP/1.1";
    case Way::http2: return "HTTP/2";
    case Way::tunnel: return "a CONNECT tunnel";
    }
    return "";
}

bool StreamingPath::receives(std::string_view text, LocalSocket::Time time) {
    auto const until = std::chrono::steady_clock::now() + time;
    while (body().find(text) == body().npos) {
        auto const left =
            std::chrono::duration_cast<LocalSocket::Time>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        auto const bytes = socket_->receive(left);
        if (bytes.empty() || !take(bytes)) return body().find(text) != body().npos;
    }
    return true;
}

std::unique_ptr<StreamingPath> make_path(Way way, pointing::ProxyAddress const& proxy,
                                         std::string authorization) {
    switch (way) {
    case Way::http1: return std::make_unique<Http1Path>(proxy, std::move(authorization));
    case Way::http2: return std::make_unique<Http2Path>(proxy, std::move(authorization));
    case Way::tunnel: return std::make_unique<TunnelPath>(proxy, std::move(authorization));
    }
    return nullptr;
}

} // namespace alert40::app::doctor
