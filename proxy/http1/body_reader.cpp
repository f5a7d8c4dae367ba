#include "proxy/http1/body_reader.hpp"

#include <algorithm>

namespace alert40::proxy::http1 {

BodyReader::Piece BodyReader::next(std::span<std::uint8_t const> input) {
    if (chunks_) return chunks_->next(input);
    auto const n = static_cast<std::size_t>(std::min<std::uint64_t>(direct(), input.size()));
    took(n);
    return {n, input.first(n)};
}

Fields const& BodyReader::trailers() const {
    static Fields const none;
    return chunks_ ? chunks_->trailers() : none;
}

} // namespace alert40::proxy::http1
