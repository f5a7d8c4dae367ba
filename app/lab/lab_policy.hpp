#pragma once

#include "app/lab/entry.hpp"

#include <cstdint>

namespace alert40::app::lab {

/// An entry and the port of 127.0.0.1 on which apps meet it; 0: the system chooses.
struct Stand {
    Entry entry;
    std::uint16_t port = 0;
};

/// A policy in which each has a TLS listener. What an entry lets pass goes to the healthy origin, which
/// listens on 127.0.0.1:`origin_port` without TLS.
std::string lab_policy(std::vector<Stand> const& stands, std::uint16_t origin_port);

/// The host of an entry, as rules name it: "NAME.lab".
std::string host_of(Entry const& entry);

} // namespace alert40::app::lab
