// What an HTTP proxy may answer to CONNECT, in two pieces: the first byte of the input says where the cut is.

#include "net/http_connect.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

using alert40::net::ConnectAnswer;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    std::span const input{data + 1, size - 1};
    auto const cut = std::min<std::size_t>(data[0], input.size());
    ConnectAnswer answer{{}};
    auto const first = answer.feed(input.first(cut));
    if (!first || first->open) {
        if (first && first->taken > cut) std::abort();
        return 0;
    }
    if (first->taken != cut) std::abort();
    auto const second = answer.feed(input.subspan(cut));
    if (second && second->taken > input.size() - cut) std::abort();
    return 0;
}
