#include "diagnose/hello/bundled_hellos.hpp"

#include "diagnose/hello/built_in_hellos.hpp"
#include "diagnose/hello/hex_text.hpp"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

namespace alert40::diagnose {
namespace {

/// A comment in the first line, then hex. A test reads each.
BundledHello parsed(std::string_view name, std::string_view text) {
    auto const first_line = text.substr(0, text.find('\n'));
    auto const bytes = bytes_of_hex(text);
    assert(first_line.starts_with("# ") && bytes);
    auto hello = read_hello(*bytes);
    assert(hello);
    return {name, first_line.substr(2), *std::move(hello)};
}

} // namespace

std::span<BundledHello const> bundled_hellos() {
    static auto const all = [] {
        std::vector<BundledHello> hellos;
        for (auto const& [name, text] : built_in_hellos)
            hellos.push_back(parsed(name, text));
        return hellos;
    }();
    return all;
}

BundledHello const* bundled_hello(std::string_view name) {
    auto const all = bundled_hellos();
    auto const found = std::ranges::find(all, name, &BundledHello::name);
    return found == all.end() ? nullptr : &*found;
}

} // namespace alert40::diagnose
