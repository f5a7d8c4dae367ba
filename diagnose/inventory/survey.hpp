#pragma once

#include "diagnose/hello/plain_hello.hpp"
#include "diagnose/inventory/inventory.hpp"
#include "diagnose/probe/answer.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace alert40::diagnose {

/// Asks a server, and brings the answers in the order of the questions. Fewer: no more may be asked.
using Ask = std::function<std::vector<Answer>(std::span<PlainHello const>)>;

/// Finds out by hellos what a server speaks: everything of an Inventory but resumption, trust and what this
/// build can do. It ends with any server, after about as many questions as there are things that it takes.
///
///     each version: its suites -> groups, signatures before TLS 1.3, what a ServerHello says -> TLS 1.3: its
///     signatures; ALPN
///
/// `server_name` is said in each hello; empty: none.
Inventory survey(Ask const& ask, std::string const& server_name);

} // namespace alert40::diagnose
