#pragma once

#include "app/run_flags.hpp"

#include <string>

namespace alert40::app {

/// The [listen] with what --credentials says, as policy text; empty without it.
std::string listen_of(RunFlags const& flags);

/// The [[rule]]s that flags stand for, as policy text: the parser that checks a file checks them too. Where
/// --profile, --ladder or a TLS flag is given, the last one is for the hosts of --host, and flag_dial.hpp
/// gives it its ladder. Of the modes --block comes first, then --watch, then --intercept: exceptions in
/// front. Throws UsageError where a flag is not of its form.
std::string rules_of(RunFlags const& flags);

} // namespace alert40::app
