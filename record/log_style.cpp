#include "record/log_style.hpp"

#include <cstdlib>
#include <string_view>
#include <unistd.h>

namespace alert40::record {

namespace {

std::string_view variable(char const* name) {
    auto const* const value = std::getenv(name);
    return value == nullptr ? std::string_view{} : value;
}

bool utf8_locale() {
    for (auto const* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        auto const locale = variable(name);
        if (locale.empty()) continue;
        for (std::string_view const spelling : {"UTF-8", "utf-8", "UTF8", "utf8"})
            if (locale.find(spelling) != std::string_view::npos) return true;
        return false;
    }
    return false;
}

} // namespace

LogStyle log_style_for(int fd) {
    return {.colour = ::isatty(fd) == 1 && variable("NO_COLOR").empty() && variable("TERM") != "dumb",
            .unicode = utf8_locale(),
            .local_time = true};
}

} // namespace alert40::record
