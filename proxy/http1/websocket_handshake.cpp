#include "proxy/http1/websocket_handshake.hpp"

#include "text/base64.hpp"

#include <boost/beast/core/detail/sha1.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>

namespace alert40::proxy::http1::websocket {
namespace {

namespace beast = boost::beast::detail; // what Beast's own WebSocket handshake is made of

std::string base64(std::span<std::uint8_t const> bytes) {
    return text::base64({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
}

} // namespace

std::string make_key() {
    std::random_device random;
    std::array<std::uint32_t, 4> words{};
    for (auto& word : words)
        word = random();
    std::array<std::uint8_t, sizeof words> bytes{};
    std::memcpy(bytes.data(), words.data(), bytes.size());
    return base64(bytes);
}

std::string accept_for(std::string_view key) {
    static constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    beast::sha1_context context;
    beast::init(context);
    beast::update(context, key.data(), key.size());
    beast::update(context, guid.data(), guid.size());
    std::array<std::uint8_t, beast::sha1_context::digest_size> digest{};
    beast::finish(context, digest.data());
    return base64(digest);
}

} // namespace alert40::proxy::http1::websocket
