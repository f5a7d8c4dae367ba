#pragma once

#include "diagnose/verdict/verdict.hpp"

#include <string>
#include <vector>

namespace alert40::diagnose {

/// "h2 in ALPN together with the extension padding (21)"; of many alike the first ones.
std::string together(std::vector<Difference> const& differences);

/// The cause that these differences stand for: "large-hello", "h2-refused", ..., else "hello-refused".
std::string cause_of(std::vector<Difference> const& differences);

/// What a bisect of the hello of `client` has found. Pure.
Verdict judge_hello(std::string_view client, BisectReport const& report);

} // namespace alert40::diagnose
