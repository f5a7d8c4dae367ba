// Tunnels through a whole proxy: every way in, and who has to show credentials.

#include "proxy/proxy.hpp"
#include "proxy/upstream/tls_origin.hpp"
#include "record/memory_sink.hpp"
#include "support/catch.hpp"
#include "support/client_socket.hpp"
#include "support/scratch_folder.hpp"
#include "support/scripted_peer.hpp"
#include "support/tls_client.hpp"

#include <memory>
#include <string>

using namespace alert40;
using namespace alert40::test;

namespace {

std::string const basic = "Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA==\r\n"; // user:password

void echo(PeerSocket& socket) {
    for (auto piece = socket.read_some(); !piece.empty(); piece = socket.read_some())
        socket.write(piece);
}

policy::Policy policy_for(std::uint16_t origin_port) {
    auto policy = policy::built_in_policy();
    policy.listen.proxy = {{"127.0.0.1", 0}};
    policy.listen.threads = 1;
    auto trusting = *tls::built_in_profile("modern");
    trusting.name = "trusting";
    trusting.alpn = {"http/1.1"};
    trusting.verify.mode = tls::Verify::Mode::none;
    policy.profiles.push_back(trusting);
    policy::Rule rule;
    rule.name = "test";
    rule.match.host = {"origin.test"};
    rule.ladder = policy::ProfileName{"trusting"};
    rule.address = policy::Address{"127.0.0.1", origin_port};
    rule.via =
        policy::Via{.kind = policy::Via::Kind::direct, .host = {}, .port = 0, .username = {}, .password = {}};
    policy.rules = {rule};
    return policy;
}

/// A proxy with an authority of its own.
struct Running {
    explicit Running(policy::Policy policy)
        : proxy(std::make_shared<policy::Rulebook const>(std::move(policy), policy::Clock::now()), sink,
                {(folder.path() / "ca.pem").string(), (folder.path() / "ca.key").string()}) {
        auto const listening = proxy.listening().at(0);
        port = static_cast<std::uint16_t>(std::stoi(listening.substr(listening.rfind(':') + 1)));
    }

    tests::ScratchFolder folder;
    record::MemorySink sink;
    proxy::Proxy proxy;
    std::uint16_t port = 0;
};

std::string connect(ClientSocket const& app, std::string const& fields = {}) {
    app.write("CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test:443\r\n" + fields + "\r\n");
    return app.read_until("\r\n\r\n");
}

std::string read(ClientSocket const& app, std::size_t size) {
    std::string bytes;
    while (bytes.size() < size) {
        auto const piece = app.read_some();
        if (piece.empty()) break;
        bytes += piece;
    }
    return bytes;
}

/// TLS within a connection that is open already.
class TlsApp {
  public:
    explicit TlsApp(ClientSocket const& socket)
        : socket_(socket) {
        SSL_set_tlsext_host_name(client_.ssl(), "origin.test");
        send(client_.step());
        while (!client_.established()) {
            auto const heard = socket_.read_some();
            if (heard.empty()) return;
            send(client_.step({reinterpret_cast<std::uint8_t const*>(heard.data()), heard.size()}));
        }
    }

    bool established() const { return client_.established(); }

    std::string ask(std::string_view request) {
        send(client_.write(request));
        std::string text, piece(4096, '\0');
        while (text.find("\r\n\r\n") == std::string::npos) {
            auto const n = SSL_read(client_.ssl(), piece.data(), static_cast<int>(piece.size()));
            if (n > 0) {
                text.append(piece, 0, static_cast<std::size_t>(n));
                continue;
            }
            auto const heard = socket_.read_some();
            if (heard.empty()) break;
            client_.step({reinterpret_cast<std::uint8_t const*>(heard.data()), heard.size()});
        }
        return text;
    }

  private:
    void send(TlsClient::Bytes const& bytes) const { socket_.write(std::string(bytes.begin(), bytes.end())); }

    ClientSocket const& socket_;
    TlsClient client_;
};

} // namespace

TEST_CASE("CONNECT and SOCKS5 lead to the same tunnel") {
    ScriptedPeer const origin{echo};
    Running const running(policy_for(origin.port()));
    ClientSocket const app(running.port);
    SECTION("CONNECT") {
        CHECK(connect(app).starts_with("HTTP/1.1 200 "));
    }
    SECTION("SOCKS5") {
        app.write(std::string("\x05\x01\x00", 3));
        CHECK(read(app, 2) == std::string("\x05\x00", 2));
        app.write(std::string("\x05\x01\x00\x03\x0borigin.test\x01\xbb", 18));
        CHECK(read(app, 10).starts_with(std::string("\x05\x00", 2)));
    }
    app.write("hello.");
    CHECK(app.read_until(".") == "hello.");
}

TEST_CASE("a proxy that wants credentials asks every request from outside for them") {
    ScriptedPeer const origin{echo};
    auto policy = policy_for(origin.port());
    policy.listen.credentials = {"user:password"};
    Running const running(policy);
    ClientSocket const app(running.port);
    SECTION("CONNECT, again on the same connection") {
        auto const refused = connect(app);
        CHECK(refused.starts_with("HTTP/1.1 407 "));
        CHECK(refused.find("Proxy-Authenticate: Basic") != std::string::npos);
    }
    SECTION("absolute form") {
        app.write("GET http://origin.test/ HTTP/1.1\r\nHost: origin.test\r\n\r\n");
        CHECK(app.read_until("\r\n\r\n").starts_with("HTTP/1.1 407 "));
        CHECK(origin.connections() == 0);
        return;
    }
    SECTION("wrong ones") {
        CHECK(connect(app, "Proxy-Authorization: Basic bm9ib2R5\r\n").starts_with("HTTP/1.1 407 "));
    }
    SECTION("right ones") {
        CHECK(connect(app, basic).starts_with("HTTP/1.1 200 "));
        app.write("hello.");
        CHECK(app.read_until(".") == "hello.");
        return;
    }
    CHECK(origin.connections() == 0);
}

TEST_CASE("an intercepted app is served by the proxy's own dial, and not asked for credentials again") {
    TlsServer const server(make_identity({}));
    ScriptedPeer const origin{[&](PeerSocket& socket) { TlsPeer(server, socket).serve_http1(); }};
    auto policy = policy_for(origin.port());
    policy.rules[0].mode = policy::Mode::intercept;
    policy.listen.credentials = {"user:password"};
    Running const running(policy);
    ClientSocket const app(running.port);
    REQUIRE(connect(app, basic).starts_with("HTTP/1.1 200 "));
    TlsApp tls(app);
    REQUIRE(tls.established());
    CHECK(tls.ask("GET / HTTP/1.1\r\nHost: origin.test\r\n\r\n").starts_with("HTTP/1.1 200 "));
    auto const records = running.sink.recent();
    REQUIRE(records.size() == 2); // the app's handshake, and ours
    CHECK(std::get<record::HandshakeRecord>(records[0]).mode == "intercept");
    CHECK(std::get<record::HandshakeRecord>(records[1]).profile == "trusting");
}

TEST_CASE("TLS to the proxy itself is one more way in, which is asked for credentials within") {
    ScriptedPeer const origin{echo};
    auto policy = policy_for(origin.port());
    policy.listen.credentials = {"user:password"};
    Running const running(policy);
    ClientSocket const app(running.port);
    TlsApp tls(app);
    REQUIRE(tls.established());
    std::string const line = "CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test:443\r\n";
    CHECK(tls.ask(line + "\r\n").starts_with("HTTP/1.1 407 "));
}
