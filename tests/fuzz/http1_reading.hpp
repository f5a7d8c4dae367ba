#pragma once

#include "bytes/byte_queue.hpp"
#include "fuzz/demand.hpp"
#include "proxy/http1/body_reader.hpp"
#include "proxy/http1/body_writer.hpp"
#include "proxy/http1/head_scanner.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

namespace alert40::fuzz {

/// A body as it was read from the wire.
struct ReadBody {
    std::string text;
    std::string trailers;
    std::size_t consumed = 0;
    bool done = false;
    bool malformed = false;

    bool operator==(ReadBody const&) const = default;
};

/// The size of the head at the beginning of `wire` that arrives `step` bytes at a time; 0: there is none.
inline std::size_t head_size(std::string_view wire, std::size_t step) {
    using Result = proxy::http1::HeadScanner::Result;
    proxy::http1::HeadScanner scanner;
    for (std::size_t n = std::min(step, wire.size());; n = std::min(n + step, wire.size())) {
        auto const result = scanner.scan(wire.substr(0, n));
        if (result == Result::complete) return scanner.size();
        if (result == Result::malformed || n == wire.size()) return 0;
    }
}

inline std::string text_of(proxy::Fields const& fields) {
    std::string text;
    for (auto const& field : fields)
        text += std::string(field.name) + ": " + std::string(field.value) + "\n";
    return text;
}

/// Reads a body that arrives `step` bytes at a time; the end of `wire` is the end of the stream.
inline ReadBody read_body(proxy::http1::Framing framing, std::string_view wire, std::size_t step) {
    proxy::http1::BodyReader reader(framing);
    ReadBody body;
    while (body.consumed < wire.size() && !reader.done() && !reader.malformed()) {
        auto const input = wire.substr(body.consumed, step);
        auto const piece = reader.next({reinterpret_cast<std::uint8_t const*>(input.data()), input.size()});
        demand(piece.consumed > 0 || reader.malformed());
        demand(piece.consumed <= input.size());
        body.text.append(piece.data.begin(), piece.data.end());
        body.consumed += piece.consumed;
    }
    body.malformed = reader.malformed();
    body.done = !body.malformed && (reader.done() || reader.end_of_stream());
    if (body.done) body.trailers = text_of(reader.trailers());
    if (body.malformed) body.consumed = 0; // how far it came is of no interest
    return body;
}

inline void write_body(bytes::ByteQueue& out, proxy::http1::Framing framing, std::string_view text) {
    proxy::http1::BodyWriter writer(framing);
    while (!text.empty()) {
        auto const space = writer.space(out, 1 + text.size() / 2);
        auto const n = std::min(space.size(), text.size());
        std::memcpy(space.data(), text.data(), n);
        writer.written(out, n);
        text.remove_prefix(n);
    }
    demand(writer.end(out, {}));
}

inline std::string_view text_of(bytes::ByteQueue const& out) {
    return {reinterpret_cast<char const*>(out.data().data()), out.size()};
}

} // namespace alert40::fuzz
