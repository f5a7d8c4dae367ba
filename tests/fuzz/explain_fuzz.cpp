// Any text: whole, as one that may be a code, and line by line. What comes out is bounded, printable, and
// there for each failure.

#include "demand.hpp"
#include "diagnose/explain/explanation.hpp"
#include "diagnose/explain/limits.hpp"

#include <algorithm>

namespace {

using namespace alert40::explain;
using alert40::fuzz::demand;

bool harmless(std::string_view text) {
    return std::ranges::none_of(text,
                                [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void check(FailureLog const& log) {
    demand(log.failures().size() <= limits::failures);
    for (auto const& failure : log.failures()) {
        demand(failure.line >= 1 && failure.line <= log.lines() && failure.count >= 1 &&
               failure.count <= log.lines());
        demand(failure.hosts.size() <= limits::hosts);
        demand(harmless(failure.text));
        auto const explanation = explain(failure);
        demand(!explanation.readings.empty() && !explanation.name.empty());
        for (auto const& reading : explanation.readings)
            for (auto const& step : reading.next)
                demand(harmless(step.command));
        demand(!text_of(failure).empty() && harmless(json_of(failure)));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static Scanner const scanner;
    std::string_view const text{reinterpret_cast<char const*>(data), size};

    FailureLog alone{scanner};
    alone.add(text, true);
    alone.finish();
    check(alone);

    FailureLog lines{scanner};
    for (auto rest = text; !rest.empty();) {
        auto const line = rest.substr(0, rest.find('\n'));
        lines.add(line);
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    lines.finish();
    check(lines);
    return 0;
}
