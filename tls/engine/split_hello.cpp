#include "tls/engine/split_hello.hpp"

#include "tls/wire/record.hpp"

namespace alert40::tls::engine {
namespace {

using Bytes = std::span<std::uint8_t const>;

/// `like` tells the type and version.
void append_record(std::vector<std::uint8_t>& out, Bytes like, Bytes fragment) {
    out.insert(out.end(), like.begin(), like.begin() + 3);
    out.push_back(static_cast<std::uint8_t>(fragment.size() >> 8));
    out.push_back(static_cast<std::uint8_t>(fragment.size() & 0xff));
    out.insert(out.end(), fragment.begin(), fragment.end());
}

} // namespace

std::vector<std::uint8_t> split_first_record(Bytes flight, std::size_t at) {
    std::vector<std::uint8_t> out;
    if (flight.size() > wire::record_header_size) {
        auto const length = static_cast<std::size_t>(flight[3] << 8 | flight[4]);
        auto const rest = flight.subspan(wire::record_header_size);
        if (at > 0 && at < length && length <= rest.size()) {
            append_record(out, flight, rest.first(at));
            append_record(out, flight, rest.subspan(at, length - at));
            flight = rest.subspan(length);
        }
    }
    out.insert(out.end(), flight.begin(), flight.end());
    return out;
}

} // namespace alert40::tls::engine
