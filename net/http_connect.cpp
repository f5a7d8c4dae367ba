#include "net/http_connect.hpp"

#include "policy/origin.hpp"
#include "text/base64.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>

namespace alert40::net {

namespace http = boost::beast::http;

namespace {

constexpr unsigned unauthorized = 401; ///< says tinyproxy, too
constexpr unsigned proxy_authentication_required = 407;
constexpr std::string_view protocol = "HTTP/";
constexpr std::size_t most_reason_bytes = 100;

/// The proxy wrote it: it goes to a terminal and into records.
std::string printable(std::string_view text) {
    std::string clean{text.substr(0, most_reason_bytes)};
    std::replace_if(
        clean.begin(), clean.end(), [](unsigned char c) { return c < 0x20 || c > 0x7e; }, '?');
    return clean;
}

std::string request_to(policy::Via const& proxy, std::string_view host, std::uint16_t port) {
    auto const authority = policy::bracketed(host) + ':' + std::to_string(port);
    std::string head =
        "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\nUser-Agent: alert40\r\n";
    if (!proxy.username.empty() || !proxy.password.empty())
        head += "Proxy-Authorization: Basic " + text::base64(proxy.username + ':' + proxy.password) + "\r\n";
    return head + "\r\n";
}

} // namespace

HttpConnect::HttpConnect(policy::Via const& proxy, std::string_view host, std::uint16_t port)
    : ProxyDialogue(proxy)
    , request_(request_to(proxy, host, port)) {}

boost::system::result<ProxyDialogue::Progress, tls::Failure>
HttpConnect::feed(std::span<std::uint8_t const> bytes) {
    auto const known = head_.size();
    head_.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    std::size_t read = 0; // of head_
    for (;;) {
        if (auto const start = std::string_view{head_}.substr(read, protocol.size());
            start != protocol.substr(0, start.size()))
            return failure(tls::FailureKind::malformed, "its answer to CONNECT is not HTTP");
        http::response_parser<http::empty_body> parser;
        parser.header_limit(static_cast<std::uint32_t>(most_bytes - before_));
        parser.skip(true); // a 2xx to CONNECT has no content, whatever its fields say
        boost::system::error_code error;
        auto const taken = parser.put(boost::asio::buffer(head_.data() + read, head_.size() - read), error);
        if (error == http::error::need_more) {
            before_ += read;
            head_.erase(0, read);
            return Progress{bytes.size()};
        }
        if (error == http::error::header_limit)
            return failure(tls::FailureKind::malformed, "the head of its answer to CONNECT is too large");
        if (error)
            return failure(tls::FailureKind::malformed,
                           "its answer to CONNECT is not HTTP (" + error.message() + ')');
        read += taken;
        auto const status = parser.get().result_int();
        if (status >= 300) return refusal(status, parser.get().reason());
        if (status >= 200) return Progress{read - known, {}, true};
        if (before_ + read >= most_bytes)
            return failure(tls::FailureKind::malformed, "too many interim answers to CONNECT");
    }
}

tls::Failure HttpConnect::refusal(unsigned status, std::string_view reason) const {
    auto text = "answered CONNECT with " + std::to_string(status);
    if (!reason.empty()) text += ' ' + printable(reason);
    if (status == proxy_authentication_required || status == unauthorized)
        text += with_credentials() ? "; it does not accept these credentials" : "; it wants credentials";
    return failure(tls::FailureKind::refused, text);
}

} // namespace alert40::net
