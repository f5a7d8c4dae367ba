#include "proxy/tunnel/socks5_connection.hpp"

#include "proxy/exchange/same_secret.hpp"
#include "proxy/tunnel/raw_connection.hpp"
#include "proxy/tunnel/socks5_message.hpp"

#include <algorithm>
#include <array>

namespace alert40::proxy {
namespace {

using namespace socks5;

class Socks5Connection final : public RawConnection {
  public:
    explicit Socks5Connection(DownstreamParts parts)
        : RawConnection(std::move(parts)) {}

  private:
    enum class Expects : std::uint8_t { greeting, password, request };

    void talk(bytes::ByteQueue& seen) override {
        while (!seen.empty()) {
            bool const understood = expects_ == Expects::greeting   ? greet(seen)
                                    : expects_ == Expects::password ? check_password(seen)
                                                                    : take_request(seen);
            if (!understood) return;
        }
    }

    bool greet(bytes::ByteQueue& seen) {
        auto const greeting = parse_greeting(seen.data());
        if (!take(greeting, seen)) return false;
        auto const offers = [&](Method method) {
            return std::ranges::find(greeting.message.methods, static_cast<std::uint8_t>(method)) !=
                   greeting.message.methods.end();
        };
        auto method = Method::unacceptable;
        if (entrance().credentials.empty() && offers(Method::none))
            method = Method::none;
        else if (offers(Method::password))
            method = Method::password;
        say(std::array{std::uint8_t{5}, static_cast<std::uint8_t>(method)});
        if (method == Method::unacceptable) {
            leave();
            return false;
        }
        expects_ = method == Method::password ? Expects::password : Expects::request;
        return true;
    }

    bool check_password(bytes::ByteQueue& seen) {
        auto const given = parse_password(seen.data());
        if (!take(given, seen)) return false;
        auto const& known = entrance().credentials;
        auto const shown = given.message.username + ":" + given.message.password;
        bool good = known.empty();
        for (auto const& credentials : known)
            good |= same_secret(shown, credentials);
        say(std::array{std::uint8_t{1}, static_cast<std::uint8_t>(good ? 0 : 1)});
        if (!good) leave();
        expects_ = Expects::request;
        return good;
    }

    bool take_request(bytes::ByteQueue& seen) {
        auto const request = parse_request(seen.data());
        if (!take(request, seen)) return false;
        if (request.message.command != connect)
            refuse(Reply::command_not_supported);
        else if (request.message.host.empty())
            refuse(Reply::address_type_not_supported);
        else
            ask(policy::bracketed(request.message.host) + ":" + std::to_string(request.message.port));
        return false; // what follows is the tunnel's
    }

    template <typename Message>
    bool take(Parsed<Message> const& parsed, bytes::ByteQueue& seen) {
        if (parsed.state == Parsed<Message>::State::malformed) leave();
        if (parsed.state != Parsed<Message>::State::complete) return false;
        seen.consume(parsed.size);
        return true;
    }

    void refuse(Reply code) {
        say(reply(code));
        leave();
    }

    void granted(bytes::ByteQueue& output) override { output.append(reply(Reply::succeeded)); }

    void refused(unsigned status, bytes::ByteQueue& output) override {
        output.append(reply(reply_for(status)));
    }

    Expects expects_ = Expects::greeting;
};

} // namespace

std::unique_ptr<Downstream> make_socks5_connection(DownstreamParts parts) {
    return std::make_unique<Socks5Connection>(std::move(parts));
}

} // namespace alert40::proxy
