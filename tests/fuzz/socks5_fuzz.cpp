// What an app may say in SOCKS5: each parser takes the same bytes, and what it takes of them does not depend
// on what follows.

#include "demand.hpp"
#include "proxy/tunnel/socks5_message.hpp"

namespace {

using namespace alert40::proxy::socks5;
using alert40::fuzz::demand;

template <typename Message>
void check(Parsed<Message> (*parse)(Bytes), Bytes input) {
    using State = typename Parsed<Message>::State;
    auto const parsed = parse(input);
    if (parsed.state != State::complete) {
        demand(parsed.size == 0);
        for (std::size_t n = 0; n < input.size(); ++n)
            demand(parse(input.first(n)).state != State::complete);
        return;
    }
    demand(parsed.size > 0 && parsed.size <= input.size());
    demand(parse(input.first(parsed.size)).state == State::complete);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    constexpr std::size_t longer_than_any = 600;
    if (size > longer_than_any) return 0;
    check(parse_greeting, {data, size});
    check(parse_password, {data, size});
    check(parse_request, {data, size});
    return 0;
}
