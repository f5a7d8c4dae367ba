#include "app/lab/lab_policy.hpp"

namespace alert40::app::lab {

std::string host_of(Entry const& entry) {
    return entry.name + ".lab";
}

std::string lab_policy(std::vector<Stand> const& stands, std::uint16_t origin_port) {
    std::string text = "[listen]\nproxy = []\n";
    for (auto const& [entry, port] : stands)
        text += "\n[[map]]\nlisten = \"127.0.0.1:" + std::to_string(port) + "\"\nto = \"http://" +
                host_of(entry) + "\"\ntls = true\n";
    for (auto const& [entry, port] : stands)
        text += "\n# " + entry.name + ": " + entry.shows + '\n' + entry.rules;
    return text +
           "\n[[rule]]\nname = \"the healthy origin\"\nhost = \"*.lab\"\nvia = \"direct\"\naddress = "
           "\"127.0.0.1:" +
           std::to_string(origin_port) + "\"\n";
}

} // namespace alert40::app::lab
