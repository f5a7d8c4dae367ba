#pragma once

#include "net/resolver/resolver.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace alert40::net {

/// One question that is waiting for its answer. Shared by the Query that its owner holds and by whoever will
/// answer: when the owner drops the Query, the answer comes to nothing. Used on the loop's thread only.
struct Lookup {
    explicit Lookup(std::function<void(Resolver::Answer)> call)
        : done(std::move(call)) {}

    std::function<void(Resolver::Answer)> done; ///< empty once answered or given up

    void answer(Resolver::Answer answer) {
        if (auto const call = std::exchange(done, {})) call(std::move(answer));
    }
};

/// What can go wrong while looking up, as the failure that a dial reports.
inline tls::Failure lookup_failure(tls::FailureKind kind, std::string detail,
                                   tls::By by = tls::By::upstream) {
    return {by, tls::Phase::resolve, kind, std::nullopt, std::move(detail)};
}

} // namespace alert40::net
