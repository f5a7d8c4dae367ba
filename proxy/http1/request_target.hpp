#pragma once

#include "proxy/message/message.hpp"

#include <string_view>

namespace alert40::proxy::http1 {

/// Reads the request target in the form that its method allows (RFC 9112 section 3.2): fills in `path`, and
/// `scheme`, `authority` and `absolute_form` where the target says them. `head.method` is set. False: it is
/// none of the forms.
bool parse_request_target(std::string_view target, RequestHead& head);

} // namespace alert40::proxy::http1
