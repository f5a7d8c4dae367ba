#include "proxy/fault/exchange_plan.hpp"

#include "policy/fault.hpp"
#include "proxy/answer/client_language.hpp"

#include <algorithm>
#include <utility>

namespace alert40::proxy {

namespace fault = policy::fault;
using policy::FaultPoint;

namespace {

bool is_rpc(RequestHead const& request) {
    auto const language = language_of(request);
    return language != ClientLanguage::problem && language != ClientLanguage::page;
}

void add(std::string& words, std::string const& more) {
    words.append(words.empty() ? "" : ", ").append(more);
}

} // namespace

std::optional<fault::BodyMark> ExchangeSuffering::mark() const {
    if (!end) return std::nullopt;
    if (auto const* truncate = std::get_if<fault::Truncate>(&*end)) return truncate->after;
    if (auto const* stall = std::get_if<fault::Stall>(&*end)) return stall->after;
    return std::nullopt;
}

std::string ExchangeSuffering::words(FaultPoint at) const {
    auto all = goes_on;
    if (end) add(all, policy::fault_text(*end, at));
    return all;
}

ExchangeSuffering suffering_of(std::optional<Blow> const& blow, FaultPoint at) {
    ExchangeSuffering part;
    if (!blow) return part;
    for (auto const& action : blow->actions) {
        if (policy::ends_it(action)) {
            part.end = action;
            break;
        }
        add(part.goes_on, policy::fault_text(action, at));
        if (auto const* delay = std::get_if<fault::Delay>(&action)) part.delay += delay->time;
        if (auto const* throttle = std::get_if<fault::Throttle>(&action))
            part.bytes_per_second = std::min(part.bytes_per_second.value_or(throttle->bytes_per_second),
                                             throttle->bytes_per_second);
    }
    return part;
}

std::optional<ExchangePlan> plan_for(Exchange& exchange, policy::Decision const& decision,
                                     policy::Origin const& target, FaultBook& book) {
    auto const& request = exchange.request();
    auto const& hello = exchange.entrance().hello;
    RequestFacts const facts{request.method, request.path, request.version == HttpVersion::http2,
                             is_rpc(request)};
    Moment moment{.at = FaultPoint::request, .hello = hello ? &hello->offered : nullptr, .request = &facts};
    auto first = suffering_of(book.strike(decision, moment), FaultPoint::request);
    ExchangePlan plan{std::move(first), {}, decision.faulty_rule, target};
    if (!plan.request.end) { // else there will be no response
        moment.at = FaultPoint::response;
        plan.response = suffering_of(book.strike(decision, moment), FaultPoint::response);
    }
    if (plan.request.none() && plan.response.none()) return std::nullopt;
    return plan;
}

} // namespace alert40::proxy
