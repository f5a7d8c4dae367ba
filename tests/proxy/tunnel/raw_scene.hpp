#pragma once

#include "net/loop/event_loop.hpp"
#include "proxy/exchange/downstream.hpp"
#include "proxy/message/limits.hpp"
#include "support/wire.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::test {

/// The far side of a tunnel, and what it is told.
struct FakeTarget final : proxy::Responder {
    void request(proxy::RequestHead&, bool) override {
        proxy::ResponseHead granted;
        granted.status = 200;
        granted.upgraded = true;
        exchange->response(granted, false);
    }

    std::span<std::uint8_t> body_space(std::size_t at_least) override {
        space.resize(at_least);
        return space;
    }

    void body_written(std::size_t n) override {
        heard.append(space.begin(), space.begin() + static_cast<std::ptrdiff_t>(n));
    }

    void end(proxy::Fields const&) override { ended = true; }

    void cancel() override { cancelled = true; }

    bool congested() const override { return full; }

    void more_response_body() override { ++asked_for_more; }

    std::string hear() { return std::exchange(heard, {}); }

    proxy::Exchange* exchange = nullptr;
    std::string heard;
    int asked_for_more = 0;
    bool ended = false, cancelled = false, full = false;

  private:
    std::vector<std::uint8_t> space;
};

/// An app on a wire, a connection that is nothing but a tunnel, and its target, in one thread: nothing is
/// timed, `settle` goes on until nobody has anything left to say.
class RawScene : proxy::DownstreamHost, proxy::Dispatcher {
  public:
    using Make = std::function<std::unique_ptr<proxy::Downstream>(proxy::DownstreamParts)>;

    explicit RawScene(Make const& make, std::vector<std::string> credentials = {}) {
        entrance.credentials = std::move(credentials);
        auto stream =
            std::make_unique<net::ByteStream>(loop, net::Socket{app.our_end()}, nullptr, tls::By::downstream);
        downstream = make({std::move(stream), *this, entrance, *this});
    }

    virtual ~RawScene() = default;

    void settle() {
        settle_all(loop, [this] { return app.pump(); });
    }

    /// The app says `text`, and everything happens that follows from it.
    void says(std::string_view text) {
        app.say(text);
        settle();
    }

    /// What the app hears then.
    std::string answer(std::string_view text) {
        says(text);
        return app.hear();
    }

    void grant() {
        target.exchange = asked;
        asked->assign(target);
        settle();
    }

    void refuse(std::uint16_t status) {
        asked->answer({.status = status, .fields = {}, .body = "why", .trailers = {}});
        settle();
    }

    void target_says(std::string_view text) {
        asked->response_body({reinterpret_cast<std::uint8_t const*>(text.data()), text.size()});
        settle();
    }

    void target_ends() {
        asked->response_end({});
        settle();
    }

    void time_passes(std::chrono::milliseconds time) {
        if (downstream) downstream->on_tick(loop.now() + time);
        settle();
    }

    net::EventLoop loop;
    Wire app;
    proxy::Entrance entrance{.listener = "127.0.0.1:4040", .mapped = {}};
    FakeTarget target;
    std::unique_ptr<proxy::Downstream> downstream;
    proxy::Exchange* asked = nullptr; ///< of the connection
    std::string asked_for;
    std::optional<policy::Origin> intercept_as; ///< instead of a tunnel
    std::optional<policy::Origin> intercepted;
    std::string left_in_stream; ///< of a stream that was given away
    bool is_closed = false;
    bool withdrawn = false;

  private:
    // DownstreamHost
    void closed(proxy::Downstream&) override {
        is_closed = true;
        loop.destroy_later(std::move(downstream));
    }

    void upgrade(proxy::Downstream&, std::unique_ptr<net::ByteStream>, proxy::Http2Upgrade) override {}

    void intercept(proxy::Downstream&, std::unique_ptr<net::ByteStream> stream,
                   policy::Origin const& origin) override {
        intercepted = origin;
        std::array<std::uint8_t, 1024> bytes{};
        auto const got = stream->read(bytes);
        if (got.status == tls::engine::Status::ok)
            left_in_stream.assign(reinterpret_cast<char const*>(bytes.data()), got.bytes);
        loop.destroy_later(std::move(stream));
        loop.destroy_later(std::move(downstream));
    }

    // Dispatcher
    void dispatch(proxy::Exchange& exchange) override {
        asked = &exchange;
        asked_for = exchange.request().method;
        asked_for += " ";
        asked_for += exchange.request().authority;
        if (intercept_as)
            exchange.give_stream(*intercept_as);
        else
            exchange.set_queue(this, true);
    }

    void failed(proxy::Exchange& exchange, tls::Failure const&, bool) override {
        exchange.answer({.status = 502, .fields = {}, .body = {}, .trailers = {}});
    }

    void withdraw(proxy::Exchange&) override { withdrawn = true; }
};

} // namespace alert40::test
