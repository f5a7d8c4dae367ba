#pragma once

#include "diagnose/hello/hello.hpp"

#include <string>

namespace alert40::app {

/// A ClientHello that somebody has, and whose it is.
struct NamedHello {
    std::string name; ///< "chromium", "Python (OpenSSL 3)", the file's name
    diagnose::Hello hello;
};

/// By the name of a bundled one; in a file of hex, of the bytes themselves, of records (the last failed
/// handshake in it, or the one with this id) or of packets; or written out in hex. Throws UsageError and
/// CommandError, in one line.
NamedHello hello_of(std::string const& what, std::string const& id);

} // namespace alert40::app
