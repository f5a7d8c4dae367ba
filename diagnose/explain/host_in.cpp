#include "diagnose/explain/host_in.hpp"

#include "diagnose/explain/limits.hpp"
#include "diagnose/explain/words/sign.hpp"

#include <algorithm>
#include <array>

namespace alert40::explain {

namespace {

// In the order in which they are believed: a request's own URL says more than an address.
constexpr std::array<std::string_view, 12> before_host{"host='",
                                                       "https://",
                                                       "wss://",
                                                       "servername ",
                                                       "connection to ",
                                                       "connect to ",
                                                       "Could not resolve host: ",
                                                       "ENOTFOUND ",
                                                       "lookup ",
                                                       "host: ",
                                                       "hostname: '",
                                                       "altnames: Host: "};

/// A name that ends in a file's or a package's way is none.
bool is_host(std::string_view name) {
    if (name.empty() || name.size() > limits::host_name || !part_of_word(name.front()) ||
        !part_of_word(name.back()))
        return false;
    return name == "localhost" || name.find('.') != std::string_view::npos;
}

} // namespace

std::string host_in(std::string_view line) {
    for (auto const before : before_host) {
        auto const at = line.find(before);
        if (at == std::string_view::npos) continue;
        auto rest = line.substr(at + before.size());
        if (auto const user = rest.substr(0, rest.find_first_of("/ \"'<>")).find('@');
            user != std::string_view::npos)
            rest.remove_prefix(user + 1);
        auto const* const end =
            std::ranges::find_if_not(rest, [](char c) { return part_of_word(c) || c == '.' || c == '-'; });
        auto name = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
        while (name.ends_with('.'))
            name.remove_suffix(1);
        if (is_host(name)) return std::string{name};
    }
    return {};
}

} // namespace alert40::explain
