#include "record/log_style.hpp"
#include "support/catch.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

using alert40::record::log_style_for;

namespace {

void set_locale(char const* all, char const* ctype, char const* lang) {
    setenv("LC_ALL", all, 1);
    setenv("LC_CTYPE", ctype, 1);
    setenv("LANG", lang, 1);
}

} // namespace

TEST_CASE("Unicode is used where the first locale variable that is set says UTF-8") {
    set_locale("", "", "en_US.UTF-8");
    CHECK(log_style_for(STDERR_FILENO).unicode);
    set_locale("C", "", "en_US.UTF-8");
    CHECK_FALSE(log_style_for(STDERR_FILENO).unicode);
    set_locale("", "C.utf8", "C");
    CHECK(log_style_for(STDERR_FILENO).unicode);
    set_locale("", "", "");
    CHECK_FALSE(log_style_for(STDERR_FILENO).unicode);
}

TEST_CASE("colour is for terminals, unless the user said no") {
    auto const terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
    REQUIRE(terminal >= 0);
    unsetenv("NO_COLOR");
    setenv("TERM", "xterm", 1);
    CHECK(log_style_for(terminal).colour);
    setenv("NO_COLOR", "1", 1);
    CHECK_FALSE(log_style_for(terminal).colour);
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    CHECK_FALSE(log_style_for(terminal).colour);
    setenv("TERM", "xterm", 1);
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    CHECK_FALSE(log_style_for(pipe[1]).colour);
    for (auto const fd : {terminal, pipe[0], pipe[1]})
        ::close(fd);
}
