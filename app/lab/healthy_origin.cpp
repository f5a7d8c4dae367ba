#include "app/lab/healthy_origin.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <optional>
#include <string>
#include <thread>

namespace alert40::app::lab {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;

namespace {

constexpr std::size_t most_bytes = 16 << 20; // of /bytes/N
constexpr std::string_view bytes_path = "/bytes/";

using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

std::size_t bytes_asked_for(std::string_view path) {
    std::size_t n = 0;
    if (path.starts_with(bytes_path))
        std::from_chars(path.data() + bytes_path.size(), path.data() + path.size(), n);
    return std::min(n, most_bytes);
}

/// IMF-fixdate (RFC 9110 section 5.6.7).
std::string date_now() {
    std::array<char, 32> text{};
    auto const now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %T GMT", &parts)};
}

Response answer_to(Request const& request) {
    Response response(http::status::ok, request.version());
    response.set(http::field::date, date_now());
    response.set(http::field::content_type, "text/plain");
    response.keep_alive(request.keep_alive());
    response.body() = "This is " + std::string(request[http::field::host]) +
                      " of the lab, and nothing hindered your request.\n" +
                      std::string(bytes_asked_for(std::string_view(request.target())), '.');
    response.prepare_payload();
    if (request.method() == http::verb::head) response.body().clear();
    return response;
}

/// A WebSocket that says what it hears. Kept alive by the operation it waits for.
class Echo : public std::enable_shared_from_this<Echo> {
  public:
    explicit Echo(tcp::socket socket)
        : stream_(std::move(socket)) {}

    void start(Request const& request) {
        stream_.async_accept(request, [self = shared_from_this()](beast::error_code error) {
            if (!error) self->listen();
        });
    }

  private:
    void listen() {
        stream_.async_read(heard_, [self = shared_from_this()](beast::error_code error, std::size_t) {
            if (!error) self->say();
        });
    }

    void say() {
        stream_.text(stream_.got_text());
        stream_.async_write(heard_.data(),
                            [self = shared_from_this()](beast::error_code error, std::size_t n) {
                                self->heard_.consume(n);
                                if (!error) self->listen();
                            });
    }

    websocket::stream<tcp::socket> stream_;
    beast::flat_buffer heard_;
};

/// One connection, request by request. Kept alive by the operation it waits for.
class Visit : public std::enable_shared_from_this<Visit> {
  public:
    explicit Visit(tcp::socket socket)
        : socket_(std::move(socket)) {}

    void start() {
        request_ = {};
        http::async_read(socket_, seen_, request_,
                         [self = shared_from_this()](beast::error_code error, std::size_t) {
                             if (!error) self->answer();
                         });
    }

  private:
    void answer() {
        if (websocket::is_upgrade(request_))
            return std::make_shared<Echo>(std::move(socket_))->start(request_);
        response_ = answer_to(request_);
        http::async_write(socket_, response_,
                          [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (!error && self->response_.keep_alive()) self->start();
                          });
    }

    tcp::socket socket_;
    beast::flat_buffer seen_;
    Request request_;
    Response response_;
};

} // namespace

class HealthyOrigin::Server {
  public:
    Server()
        : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {
        accept();
        thread_ = std::thread([this] { io_.run(); });
    }

    ~Server() {
        io_.stop();
        thread_.join();
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  private:
    void accept() {
        acceptor_.async_accept([this](beast::error_code error, tcp::socket socket) {
            if (!error) std::make_shared<Visit>(std::move(socket))->start();
            if (error != asio::error::operation_aborted) accept();
        });
    }

    asio::io_context io_{1};
    tcp::acceptor acceptor_;
    std::thread thread_;
};

HealthyOrigin::HealthyOrigin()
    : server_(std::make_unique<Server>()) {}

HealthyOrigin::~HealthyOrigin() = default;

std::uint16_t HealthyOrigin::port() const {
    return server_->port();
}

} // namespace alert40::app::lab
