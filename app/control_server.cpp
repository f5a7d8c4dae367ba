#include "app/control_server.hpp"

#include "app/control_socket.hpp"
#include "app/exit.hpp"
#include "app/folders.hpp"
#include "app/unix_socket.hpp"

#include <boost/asio.hpp>

#include <vector>

namespace alert40::app {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;

namespace {

/// One client: a line in, a line out, the end. Kept alive by the operation it waits for.
class Conversation : public std::enable_shared_from_this<Conversation> {
  public:
    Conversation(Local::socket socket, ControlServer::Answer const& answer)
        : socket_(std::move(socket))
        , deadline_(socket_.get_executor())
        , answer_(answer) {}

    void start() {
        wait();
        asio::async_read_until(
            socket_, asio::dynamic_buffer(request_, control::longest_request), '\n',
            [self = shared_from_this()](boost::system::error_code error, std::size_t line) {
                if (!error)
                    self->reply(line - 1);
                else
                    self->stop();
            });
    }

    void stop() {
        boost::system::error_code ignored;
        deadline_.cancel();
        socket_.close(ignored);
    }

  private:
    void wait() {
        deadline_.expires_after(control::patience);
        deadline_.async_wait([self = weak_from_this()](boost::system::error_code error) {
            auto const here = self.lock();
            if (!error && here) here->stop();
        });
    }

    void reply(std::size_t line) {
        reply_ = answer_(std::string_view(request_).substr(0, line)) + '\n';
        wait();
        asio::async_write(
            socket_, asio::buffer(reply_),
            [self = shared_from_this()](boost::system::error_code, std::size_t) { self->stop(); });
    }

    Local::socket socket_;
    asio::steady_timer deadline_;
    ControlServer::Answer answer_;
    std::string request_, reply_;
};

} // namespace

struct ControlServer::State : std::enable_shared_from_this<State> {
    State(asio::io_context& io, std::filesystem::path path_, Answer answer_)
        : path(std::move(path_))
        , answer(std::move(answer_))
        , acceptor(io)
        , pause(io) {}

    void open() {
        ensure_private_folder(path.parent_path());
        if (UnixSocket::connect(path)) throw CommandError("another alert40 listens on " + path.string());
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
        try {
            acceptor.open();
            acceptor.bind(Local::endpoint(path.string()));
            std::filesystem::permissions(path, std::filesystem::perms::owner_read |
                                                   std::filesystem::perms::owner_write);
            acceptor.listen(control::most_connections);
        } catch (boost::system::system_error const& error) {
            throw CommandError("cannot make the control socket " + path.string() + ": " +
                               error.code().message());
        }
    }

    void accept() {
        acceptor.async_accept(
            [self = shared_from_this()](boost::system::error_code error, Local::socket socket) {
                if (!self->acceptor.is_open()) return;
                if (error) return self->accept_later();
                self->take(std::move(socket));
                self->accept();
            });
    }

    /// Out of file descriptors, most likely: trying again at once would only spin.
    void accept_later() {
        pause.expires_after(std::chrono::seconds(1));
        pause.async_wait([self = shared_from_this()](boost::system::error_code error) {
            if (!error && self->acceptor.is_open()) self->accept();
        });
    }

    void take(Local::socket socket) {
        std::erase_if(conversations, [](auto const& one) { return one.expired(); });
        if (conversations.size() >= control::most_connections) return; // closes it
        auto const conversation = std::make_shared<Conversation>(std::move(socket), answer);
        conversations.push_back(conversation);
        conversation->start();
    }

    void close() {
        boost::system::error_code ignored;
        acceptor.close(ignored);
        pause.cancel();
        for (auto const& one : conversations)
            if (auto const conversation = one.lock()) conversation->stop();
        std::error_code gone;
        std::filesystem::remove(path, gone);
    }

    std::filesystem::path path;
    Answer answer;
    Local::acceptor acceptor;
    asio::steady_timer pause;
    std::vector<std::weak_ptr<Conversation>> conversations;
};

ControlServer::ControlServer(asio::io_context& io, std::filesystem::path path, Answer answer)
    : state_(std::make_shared<State>(io, std::move(path), std::move(answer))) {
    state_->open();
    state_->accept();
}

ControlServer::~ControlServer() {
    state_->close();
}

} // namespace alert40::app
