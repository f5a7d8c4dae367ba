#pragma once

#include "record/handshake_record.hpp"

#include <cstdio>
#include <string>
#include <vector>

namespace alert40::app::capture {

struct CapturedHandshakes {
    /// As a proxy on that path would have watched them; `id` is the number of the TCP connection in the file.
    std::vector<record::HandshakeRecord> records;
    std::size_t connections = 0; ///< TCP, with or without TLS
    std::string complaint;       ///< why the file was not read to its end; empty: it was
};

/// Takes `file` over: a pcap or pcapng file. Throws std::runtime_error where it is none.
CapturedHandshakes captured_handshakes(std::FILE* file);

} // namespace alert40::app::capture
