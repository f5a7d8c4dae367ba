#pragma once

#include "net/loop/event_loop.hpp"
#include "proxy/intercept/tls_gate.hpp"
#include "proxy/message/limits.hpp"
#include "record/memory_sink.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "support/wire.hpp"
#include "tls/engine/client_context.hpp"
#include "tls/engine/connection.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace alert40::test {

/// What one row of apps offers.
struct GateClient {
    std::string name = "origin.test"; ///< in the hello, and checked; an address is not in the hello
    bool trusts = true;
    std::vector<std::string> alpn{"h2", "http/1.1"};
    tls::ProtocolVersion version = tls::ProtocolVersion::tls1_3;
};

/// An app on a wire, a gate with a real authority, and what the host is told.
class GateScene : public proxy::TlsGate::Host, net::ByteStream::Owner {
  public:
    explicit GateScene(std::vector<std::string> const& permitted = {}) {
        if (!permitted.empty()) REQUIRE(tls::ca::Authority::create(files(), permitted));
        interceptor.use(files());
        decision.mode = policy::Mode::intercept;
        decision.rules = {"ours"};
    }

    virtual ~GateScene() = default;

    tls::ca::Files files() const {
        return {(folder.path() / "ca.pem").string(), (folder.path() / "ca.key").string()};
    }

    GateScene& start(std::optional<policy::Origin> wanted = policy::Origin{"https", "origin.test", 443}) {
        auto own =
            std::make_unique<net::ByteStream>(loop, net::Socket{app.our_end()}, nullptr, tls::By::downstream);
        own->output().append(granted);
        own->push_back({reinterpret_cast<std::uint8_t const*>(pipelined.data()), pipelined.size()});
        gate = std::make_unique<proxy::TlsGate>(std::move(own),
                                                std::make_shared<proxy::Entrance const>(entrance),
                                                std::move(wanted), interceptor, sink, *this);
        settle();
        return *this;
    }

    void settle() {
        settle_all(loop, [this] { return app.pump(); });
    }

    void says(std::string_view text) {
        app.say(text);
        settle();
    }

    /// A new client of our engine, and its first flight.
    std::string hello(GateClient const& what = {}) {
        if (what.trusts) REQUIRE(interceptor.leaf_for("of-no-consequence.permitted.test"));
        auto profile = *tls::built_in_profile("modern");
        profile.alpn = what.alpn;
        profile.min_version = profile.max_version = what.version;
        if (what.trusts) profile.verify.ca_file = files().cert;
        tls::engine::ClientOptions options;
        options.target_name = what.name;
        client = tls::engine::Connection::make_client(*tls::engine::ClientContext::make(profile),
                                                      std::move(options));
        client->advance();
        return take_output();
    }

    /// The client takes what it has heard and answers, until both are silent.
    void talk() {
        for (auto heard = app.hear(); !heard.empty(); heard = app.hear()) {
            client->feed({reinterpret_cast<std::uint8_t const*>(heard.data()), heard.size()});
            client->advance();
            client->keep_input();
            says(take_output());
        }
    }

    void handshake(GateClient const& what = {}) {
        says(hello(what));
        talk();
    }

    std::string client_reads() {
        std::array<std::uint8_t, 1024> bytes{};
        auto const heard = app.hear();
        client->feed({reinterpret_cast<std::uint8_t const*>(heard.data()), heard.size()});
        auto const got = client->read(bytes);
        client->keep_input();
        return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(got.bytes)};
    }

    void client_writes(std::string_view text) {
        client->write({reinterpret_cast<std::uint8_t const*>(text.data()), text.size()});
        says(take_output());
    }

    record::HandshakeRecord only_record() const {
        REQUIRE(sink.taken() == 1);
        return std::get<record::HandshakeRecord>(sink.recent()[0]);
    }

    net::EventLoop loop;
    tests::ScratchFolder folder;
    proxy::Interceptor interceptor{tls::ca::Files{}};
    record::MemorySink sink;
    Wire app;
    std::string granted;   ///< what the app is told first
    std::string pipelined; ///< what it said behind its CONNECT
    proxy::Entrance entrance{.listener = "127.0.0.1:4040", .mapped = {}, .bound = "127.0.0.1:4040"};
    policy::Decision decision;
    std::unique_ptr<tls::engine::Connection> client;
    std::unique_ptr<net::ByteStream> stream; ///< that passes, or was opened
    std::unique_ptr<proxy::TlsGate> gate;    ///< until it is over

    std::vector<std::string> decided_about;
    std::optional<policy::Origin> passed, target; ///< `target` of what was opened
    std::shared_ptr<proxy::AppHello const> app_hello;
    std::string address; ///< of the gate
    std::string received;
    bool is_open = false, is_closed = false;
    std::optional<proxy::Blow> to_suffer, suffered, afterwards;

  private:
    std::string take_output() {
        auto const waiting = client->output().data();
        std::string bytes(waiting.begin(), waiting.end());
        client->output().clear();
        return bytes;
    }

    // TlsGate::Host
    policy::Decision decide(policy::Origin const& about, proxy::Entrance const&,
                            tls::Offered const* offered) override {
        decided_about.push_back(about.text() + (offered ? "" : " blindly"));
        return decision;
    }

    void pass(proxy::TlsGate&, std::unique_ptr<net::ByteStream> its, policy::Origin const& to,
              std::shared_ptr<proxy::AppHello const> known) override {
        passed = to;
        take(std::move(its), std::move(known));
    }

    void opened(proxy::TlsGate&, std::unique_ptr<net::ByteStream> its, std::optional<policy::Origin> to,
                std::shared_ptr<proxy::AppHello const> known, std::optional<proxy::Blow> blow) override {
        is_open = true;
        afterwards = std::move(blow);
        target = std::move(to);
        take(std::move(its), std::move(known));
    }

    void take(std::unique_ptr<net::ByteStream> its, std::shared_ptr<proxy::AppHello const> known) {
        address = gate->address();
        app_hello = std::move(known);
        stream = std::move(its);
        stream->start(*this);
        loop.destroy_later(std::move(gate));
    }

    void gate_closed(proxy::TlsGate&) override {
        is_closed = true;
        loop.destroy_later(std::move(gate));
    }

    void gate_closed(proxy::TlsGate& its, std::unique_ptr<net::ByteStream> left) override {
        left->start(*this);
        left->close_after_output();
        loop.destroy_later(std::move(left)); // at the end of the turn, when all is sent
        gate_closed(its);
    }

    std::optional<proxy::Blow> blow(policy::Decision const&, proxy::Moment const& moment) override {
        return to_suffer && to_suffer->at == moment.at ? to_suffer : std::nullopt;
    }

    void struck(proxy::TlsGate&, std::unique_ptr<net::ByteStream> its, policy::Origin const& of,
                std::shared_ptr<proxy::AppHello const> known, proxy::Blow blow) override {
        target = of;
        suffered = std::move(blow);
        take(std::move(its), std::move(known));
    }

    // ByteStream::Owner
    void on_readable() override {
        std::array<std::uint8_t, 4096> bytes{};
        for (auto got = stream->read(bytes); got.status == tls::engine::Status::ok; got = stream->read(bytes))
            received.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(got.bytes));
    }

    void on_drained() override {}

    void on_broken(tls::Failure const&) override {}
};

} // namespace alert40::test
