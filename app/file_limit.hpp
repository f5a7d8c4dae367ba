#pragma once

namespace alert40::app {

/// Lets this process open as many files as it may: a tunnel costs two.
void raise_file_limit();

} // namespace alert40::app
