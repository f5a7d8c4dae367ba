// What an upstream proxy may answer, in two pieces. The first byte of the input says which kind it is, and
// the second where the cut is.

#include "net/proxy_dialogue.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

using alert40::policy::Via;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 2) return 0;
    std::span const input{data + 2, size - 2};
    auto const cut = std::min<std::size_t>(data[1], input.size());
    auto const kind = data[0] % 2 == 0 ? Via::Kind::http_proxy : Via::Kind::socks5h;
    bool const with_credentials = data[0] / 2 % 2 != 0;
    auto const name = with_credentials ? "me" : "";
    auto const dialogue = alert40::net::make_proxy_dialogue({kind, "p", 1, name, name}, "a.test", 443);
    static_cast<void>(dialogue->begin());
    auto const first = dialogue->feed(input.first(cut));
    if (!first || first->open) {
        if (first && first->taken > cut) std::abort();
        return 0;
    }
    if (first->taken != cut) std::abort();
    auto const second = dialogue->feed(input.subspan(cut));
    if (second && second->taken > input.size() - cut) std::abort();
    return 0;
}
