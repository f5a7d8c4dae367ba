#pragma once

#include "proxy/answer/client_language.hpp"
#include "proxy/answer/problem.hpp"
#include "proxy/exchange/exchange.hpp"

namespace alert40::proxy {

/// The error as the libraries of Connect, gRPC and gRPC-Web read it: code `unavailable` (14), or
/// `permission_denied` (7) where a rule blocks. `content_type`: the request's; a stream or a gRPC call is
/// answered in it.
LocalResponse rpc_answer(ClientLanguage language, std::string_view content_type, Problem const& problem);

/// The same with a code (1 to 16, https://grpc.io/docs/guides/status-codes/) and a message of one's choice.
LocalResponse rpc_answer(ClientLanguage language, std::string_view content_type, std::uint32_t code,
                         std::string const& message);

} // namespace alert40::proxy
