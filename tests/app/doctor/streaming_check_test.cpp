#include "app/doctor/streaming_check.hpp"

#include "support/catch.hpp"

#include <thread>

using namespace alert40::app;
using namespace alert40::app::doctor;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 300ms; // what a buffering path costs the test

/// A proxy for one request in absolute form: passes the answer on at once, or only when it has ended.
class OneRequestProxy {
  public:
    enum class Manner { at_once, at_the_end, never, refuses };

    explicit OneRequestProxy(Manner manner)
        : manner_(manner)
        , listener_(LocalSocket::listen())
        , thread_([this] { serve(); }) {}

    ~OneRequestProxy() { thread_.join(); }

    pointing::ProxyAddress address() const { return {"127.0.0.1", listener_->port(), ""}; }

  private:
    void serve() {
        auto const app = listener_->accept(5s);
        auto const request = app->receive(5s);
        if (manner_ == Manner::refuses) {
            app->send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        std::string const start = "GET http://127.0.0.1:";
        auto const origin = LocalSocket::connect(
            "127.0.0.1", static_cast<std::uint16_t>(std::stoul(request.substr(start.size()))));
        origin->send(request);
        std::string kept;
        for (;;) {
            auto const bytes = origin->receive(5s);
            if (bytes.empty()) return;
            if (manner_ == Manner::at_once) app->send(bytes);
            kept += bytes;
            if (!kept.ends_with("0\r\n\r\n")) continue;
            if (manner_ == Manner::at_the_end) app->send(kept);
        }
    }

    Manner manner_;
    std::optional<LocalSocket> listener_;
    std::thread thread_;
};

using Manner = OneRequestProxy::Manner;

} // namespace

TEST_CASE("paths are told apart by what they do with the messages") {
    auto const [manner, expected] =
        GENERATE(table<Manner, Streaming>({{Manner::at_once, Streaming::unbuffered},
                                           {Manner::at_the_end, Streaming::buffered},
                                           {Manner::never, Streaming::broken}}));
    OneRequestProxy const proxy(manner);
    CHECK(check_streaming(Way::http1, proxy.address(), "", patience) == expected);
}

TEST_CASE("nobody there") {
    auto const port = LocalSocket::listen()->port(); // closed again
    CHECK(check_streaming(Way::http2, {"127.0.0.1", port, ""}, "", patience) == Streaming::unreachable);
}

TEST_CASE("a proxy that refuses tunnels") {
    OneRequestProxy const proxy(Manner::refuses);
    CHECK(check_streaming(Way::tunnel, proxy.address(), "", patience) == Streaming::unreachable);
}

TEST_CASE("only an unbuffered path is fine") {
    for (auto const result :
         {Streaming::unbuffered, Streaming::buffered, Streaming::unreachable, Streaming::broken}) {
        auto const finding = judge_streaming(Way::http1, result, {"127.0.0.1", 1, ""});
        CHECK((finding.level == Finding::Level::ok) == (result == Streaming::unbuffered));
        CHECK(finding.remedy.empty() == (result == Streaming::unbuffered));
    }
}
