#include "proxy/fault/fault_book.hpp"

#include "policy/limits.hpp"

namespace alert40::proxy {

using policy::Fault;

namespace {

/// 0 to less than 1; the same on every machine, unlike the distributions of the library.
double draw(std::mt19937_64& dice) {
    return static_cast<double>(dice() >> 11) * 0x1p-53;
}

bool carries(RequestFacts const& request, policy::FaultAction const& action) {
    switch (policy::carrier_of(action)) {
    case policy::Carrier::any: return true;
    case policy::Carrier::http2: return request.http2;
    case policy::Carrier::rpc: return request.rpc;
    }
    return true;
}

} // namespace

std::optional<Blow> FaultBook::strike(policy::Decision const& decision, Moment const& moment) {
    if (!decision.has_fault(moment.as, moment.at)) return std::nullopt;
    std::lock_guard const lock(mutex_);
    if (counts_.size() > policy::limits::rules * policy::limits::faults) counts_.clear(); // of old policies
    Blow blow{moment.at, {}, decision.faulty_rule};
    for (std::size_t i = 0; i < decision.faults.size(); ++i) {
        auto const& fault = decision.faults[i];
        if (fault.as != moment.as || fault.at != moment.at) continue;
        if (!moment.ours && std::holds_alternative<policy::fault::Offer>(fault.action)) continue;
        if (!strikes(count_of(decision.faulty_rule, i, fault), moment)) continue;
        blow.actions.push_back(fault.action);
        if (policy::ends_it(fault.action)) break;
    }
    if (blow.actions.empty()) return std::nullopt;
    return blow;
}

FaultBook::Count& FaultBook::count_of(std::string const& rule, std::size_t place, Fault const& fault) {
    auto& count = counts_.try_emplace({rule, place}, fault).first->second;
    if (!(count.fault == fault)) count = Count(fault);
    return count;
}

bool FaultBook::strikes(Count& count, Moment const& moment) {
    auto const& when = count.fault.when;
    if (moment.request && !carries(*moment.request, count.fault.action)) return false;
    if (when.hello && !(moment.hello && when.hello->matches(*moment.hello))) return false;
    if (when.request &&
        !(moment.request && when.request->matches(moment.request->method, moment.request->path)))
        return false;
    if (when.segments_over && !(moment.segments && *moment.segments > *when.segments_over)) return false;
    if (!when.time.holds(moment.now)) return false;
    if (when.chance && draw(count.dice) >= *when.chance) return false;
    if (when.every && count.met++ % *when.every != 0) return false;
    return !when.times || count.struck++ < *when.times;
}

} // namespace alert40::proxy
