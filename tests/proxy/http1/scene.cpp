#include "scene.hpp"

#include "proxy/http1/chunk_decoder.hpp"

namespace alert40::test {

std::string unchunked(std::string_view message) {
    auto const head_end = message.find("\r\n\r\n");
    if (head_end == std::string_view::npos) return "no head";
    auto rest = message.substr(head_end + 4);
    proxy::http1::ChunkDecoder decoder;
    std::string body;
    while (!rest.empty() && !decoder.done() && !decoder.malformed()) {
        auto const piece = decoder.next({reinterpret_cast<std::uint8_t const*>(rest.data()), rest.size()});
        body.append(piece.data.begin(), piece.data.end());
        rest.remove_prefix(piece.consumed);
    }
    if (!decoder.done()) return body + " [unfinished]";
    for (auto const& field : decoder.trailers())
        body += " [" + std::string(field.name) + ": " + std::string(field.value) + "]";
    return rest.empty() ? body : body + " [more]";
}

} // namespace alert40::test
