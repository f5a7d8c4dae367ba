#pragma once

#include <cstddef>
#include <optional>

namespace alert40::net {

/// Segments with data that came on this connection, as the kernel counts them; nothing for what is no TCP.
std::optional<std::size_t> data_segments_in(int fd);

} // namespace alert40::net
