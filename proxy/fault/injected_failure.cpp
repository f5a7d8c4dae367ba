#include "proxy/fault/injected_failure.hpp"

#include "record/ulid.hpp"

#include <chrono>
#include <utility>

namespace alert40::proxy {

record::ConnectionFailureRecord injected_failure(Entrance const& entrance, policy::Origin const& target,
                                                 std::string rule, tls::FailureKind kind,
                                                 std::string detail) {
    record::ConnectionFailureRecord record;
    record.id = record::new_ulid();
    record.connection = record::new_ulid();
    record.time = std::chrono::system_clock::now();
    record.handshake = entrance.handshake;
    record.side = record::Side::downstream;
    record.target.host = target.host;
    record.target.port = target.port;
    record.injected_by = std::move(rule);
    record.failure = {tls::By::injected, tls::Phase::after, kind, std::nullopt, std::move(detail)};
    return record;
}

} // namespace alert40::proxy
