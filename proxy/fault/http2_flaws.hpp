#pragma once

#include "proxy/exchange/downstream.hpp"
#include "proxy/fault/fault_book.hpp"

#include <string>

namespace alert40::proxy {

/// How a blow at `preface` breaks an app's HTTP/2 connection.
Http2Flaws http2_flaws_of(Blow const& blow);

/// "no_window at preface", for a person.
std::string words_of(Blow const& blow);

} // namespace alert40::proxy
