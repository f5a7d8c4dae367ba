// Two hellos, one behind the other: any of their differences make one that can be read.
#include "diagnose/hello/candidates.hpp"
#include "diagnose/hello/comparison.hpp"
#include "diagnose/hello/fresh.hpp"
#include "diagnose/hello/hex_text.hpp"
#include "fuzz/demand.hpp"

#include <string_view>

using namespace alert40;
using namespace alert40::diagnose;

namespace {

constexpr std::size_t slow = 4096; ///< bytes of a hello, for a fuzzer

void demand_readable(Hello const& hello) {
    auto const message = message_of(hello);
    auto const again = read_hello(message);
    if (message.size() > longest_hello) return;
    fuzz::demand(again.has_value() && message_of(*again) == message);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::span<std::uint8_t const> const bytes{data, size};
    if (auto const hex = bytes_of_hex({reinterpret_cast<char const*>(data), size}))
        fuzz::demand(bytes_of_hex(hex_of(*hex)) == hex);

    auto const half = size / 2;
    auto const working = read_hello(bytes.first(half));
    auto const failing = read_hello(bytes.subspan(half));
    if (!working || !failing || size > slow) return 0;
    demand_readable(*working);
    demand_readable(bare(*failing));
    demand_readable(addressed_to(*failing, "origin.test"));
    demand_readable(padded_to(*failing, 2000));
    Comparison const comparison{*working, *failing};
    fuzz::demand(comparison.with({}) == *working);
    Subset some;
    for (std::size_t i = 0; i < comparison.differences().size(); ++i) {
        fuzz::demand(!words_of(comparison.differences()[i]).empty() &&
                     !undoing(comparison.differences()[i]).empty());
        if (i % 3 != 1) some.push_back(i);
    }
    demand_readable(comparison.with(some));
    return 0;
}
