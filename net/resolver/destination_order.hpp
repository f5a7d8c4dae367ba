#pragma once

#include "net/resolver/resolver.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace alert40::net {

/// The address that this machine would send from to `destination`; nothing: it has no way there.
using SourceOf = std::function<std::optional<std::string>(std::string const& destination)>;

/// As the kernel's routes say. Sends nothing.
std::optional<std::string> source_by_route(std::string const& destination);

/// Brings the addresses of both families into one order: the rules of RFC 6724 section 6 that compare across
/// families (1, 2, 5, 6 and 8). What they leave open stays as it was. All are IP literals.
void sort_destinations(std::vector<ResolvedAddress>& addresses, SourceOf const& source_of = source_by_route);

} // namespace alert40::net
