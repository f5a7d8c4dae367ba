#include "app/control_server.hpp"

#include "app/control_socket.hpp"
#include "app/exit.hpp"
#include "app/unix_socket.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

#include <boost/asio/io_context.hpp>

#include <sys/socket.h>
#include <sys/stat.h>

#include <thread>

using namespace alert40::app;
using alert40::tests::ScratchFolder;

namespace {

/// A control server on a thread of its own, which answers with what it was asked.
class Echo {
  public:
    explicit Echo(std::uint16_t port)
        : server_(io_, control::socket_of(port),
                  [](std::string_view request) { return "<" + std::string(request) + ">"; })
        , thread_([this] { io_.run(); }) {}

    ~Echo() {
        io_.stop();
        thread_.join();
    }

  private:
    boost::asio::io_context io_{1};
    ControlServer server_;
    std::thread thread_;
};

/// A runtime folder of our own, where the sockets go.
struct RuntimeFolder {
    RuntimeFolder() { ::setenv("XDG_RUNTIME_DIR", scratch.path().c_str(), 1); }

    ~RuntimeFolder() { ::unsetenv("XDG_RUNTIME_DIR"); }

    ScratchFolder scratch;
};

mode_t mode_of(std::filesystem::path const& path) {
    struct stat found {};

    REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 0777;
}

/// Everything that comes until the end.
std::string rest_of(UnixSocket const& socket) {
    std::string text(1024, '\0');
    std::size_t at = 0;
    for (ssize_t got; (got = ::recv(socket.fd(), text.data() + at, text.size() - at, 0)) > 0;)
        at += static_cast<std::size_t>(got);
    text.resize(at);
    return text;
}

void send(UnixSocket const& socket, std::string_view text) {
    ::send(socket.fd(), text.data(), text.size(), MSG_NOSIGNAL);
}

} // namespace

TEST_CASE("a line is asked, a line is answered") {
    RuntimeFolder const folder;
    Echo const echo(4040);
    CHECK(ask_running_proxy(4040, "hello") == "<hello>\n");
    CHECK(ask_running_proxy(std::nullopt, "again") == "<again>\n");
}

TEST_CASE("only this user can open the socket") {
    RuntimeFolder const folder;
    Echo const echo(4040);
    CHECK(mode_of(control::socket_of(4040)) == 0600);
    CHECK(mode_of(control::socket_of(4040).parent_path()) == 0700);
}

TEST_CASE("a folder that others may write to is not used") {
    RuntimeFolder const folder;
    std::filesystem::create_directory(folder.scratch.path() / "alert40");
    std::filesystem::permissions(folder.scratch.path() / "alert40", std::filesystem::perms(0777));
    CHECK_THROWS_WITH(Echo(4040), Catch::Contains("not a folder of this user alone"));
}

TEST_CASE("the request may come in pieces") {
    RuntimeFolder const folder;
    Echo const echo(4040);
    auto const socket = UnixSocket::connect(control::socket_of(4040));
    REQUIRE(socket);
    for (auto const* const piece : {"he", "ll", "o\n"})
        send(*socket, piece);
    CHECK(rest_of(*socket) == "<hello>\n");
}

TEST_CASE("a request without an end is cut off at its bound, and others are still served") {
    RuntimeFolder const folder;
    Echo const echo(4040);
    auto const socket = UnixSocket::connect(control::socket_of(4040));
    REQUIRE(socket);
    send(*socket, std::string(control::longest_request + 1, 'x'));
    CHECK(rest_of(*socket).empty());
    CHECK(ask_running_proxy(4040, "x") == "<x>\n");
}

TEST_CASE("more connections than there may be are turned away, and a free place is given again") {
    RuntimeFolder const folder;
    Echo const echo(4040);
    {
        std::vector<UnixSocket> held;
        for (std::size_t i = 0; i < control::most_connections; ++i)
            held.push_back(std::move(UnixSocket::connect(control::socket_of(4040)).value()));
        auto const one_more = UnixSocket::connect(control::socket_of(4040));
        REQUIRE(one_more);
        CHECK(rest_of(*one_more).empty());
    }
    std::string answer; // the places are free once the server has seen the ends
    while (answer.empty()) {
        auto const socket = UnixSocket::connect(control::socket_of(4040));
        REQUIRE(socket);
        send(*socket, "x\n");
        answer = rest_of(*socket);
    }
    CHECK(answer == "<x>\n");
}

TEST_CASE("of two proxies one has to be named") {
    RuntimeFolder const folder;
    Echo const one(4040), other(4141);
    CHECK_THROWS_WITH(ask_running_proxy(std::nullopt, "x"),
                      Catch::Contains("--port 4040") && Catch::Contains("--port 4141"));
    CHECK(ask_running_proxy(4141, "x") == "<x>\n");
}

TEST_CASE("no proxy, or none on that port") {
    RuntimeFolder const folder;
    CHECK_THROWS_WITH(ask_running_proxy(std::nullopt, "x"), Catch::Contains("alert40 run starts one"));
    CHECK_THROWS_WITH(ask_running_proxy(4040, "x"), Catch::Contains("port 4040"));
}

TEST_CASE("a socket that a killed proxy left behind is in nobody's way") {
    RuntimeFolder const folder;
    auto const path = control::socket_of(4040);
    {
        Echo const echo(4040);
        std::filesystem::create_hard_link(path, path.string() + ".left");
    }
    CHECK_FALSE(std::filesystem::exists(path));
    std::filesystem::rename(path.string() + ".left", path);
    CHECK_THROWS_AS(ask_running_proxy(std::nullopt, "x"), CommandError);
    Echo const echo(4040);
    CHECK(ask_running_proxy(std::nullopt, "x") == "<x>\n");
}

TEST_CASE("a socket that somebody listens on is not taken away") {
    RuntimeFolder const folder;
    Echo const echo(4040);
    CHECK_THROWS_WITH(Echo(4040), Catch::Contains("another alert40"));
    CHECK(ask_running_proxy(4040, "x") == "<x>\n");
}
