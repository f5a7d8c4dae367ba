#include "proxy/fault/http2_flaws.hpp"

#include "policy/fault.hpp"

namespace alert40::proxy {

namespace fault = policy::fault;

Http2Flaws http2_flaws_of(Blow const& blow) {
    Http2Flaws flaws;
    for (auto const& action : blow.actions)
        std::visit(fault::Each{
                       [&](fault::NoSettingsAck const&) { flaws.no_settings_ack = true; },
                       [&](fault::NoWindow const&) { flaws.no_window = true; },
                       [&](fault::Goaway const& goaway) { flaws.goaway = goaway.error_code; },
                       [](auto const&) {},
                   },
                   action);
    return flaws;
}

std::string words_of(Blow const& blow) {
    std::string words;
    for (auto const& action : blow.actions)
        words.append(words.empty() ? "" : ", ").append(policy::fault_text(action, blow.at));
    return words;
}

} // namespace alert40::proxy
