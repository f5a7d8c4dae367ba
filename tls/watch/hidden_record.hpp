#pragma once

#include "tls/watch/course.hpp"

#include <cstddef>

namespace alert40::tls::watch {

/// An encrypted record of TLS 1.3 has passed, with a fragment of so many bytes.
void note_hidden_record(Course& course, Sender sender, std::size_t size);

} // namespace alert40::tls::watch
