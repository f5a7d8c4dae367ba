#pragma once

#include "diagnose/hello/hello.hpp"

#include <span>
#include <string_view>

namespace alert40::diagnose {

/// What a real client said once. Its host, random, session id and key shares are of that day: `addressed_to`
/// and `freshened` make a hello of today of it.
struct BundledHello {
    std::string_view name;  ///< "chromium"
    std::string_view label; ///< which client that was, and how it came to say it
    Hello hello;
};

/// Those of configs/hellos/, in the order of their names.
std::span<BundledHello const> bundled_hellos();

/// Null: there is none of this name.
BundledHello const* bundled_hello(std::string_view name);

} // namespace alert40::diagnose
