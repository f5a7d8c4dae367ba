#include "app/shell/command.hpp"

#include "app/shell/child.hpp"
#include "app/shell/program.hpp"
#include "support/catch.hpp"

#include <unistd.h>

#include <csignal>

using namespace alert40::app::shell;

TEST_CASE("a command as one types it") {
    CHECK(Command{{"certutil", "-d", "sql:/a b", "-N"}}.text() == "certutil -d 'sql:/a b' -N");
}

TEST_CASE("both streams and the status of a program") {
    CHECK(run({{"sh", "-c", "echo out; echo err >&2; exit 3"}}) == Outcome{3, "out\nerr\n"});
    CHECK(run({{"sh", "-c", "kill -9 $$"}}).status == 128 + 9);
}

TEST_CASE("its arguments are no script, and it has no input") {
    CHECK(run({{"echo", "$HOME; *"}}).output == "$HOME; *\n");
    CHECK(run({{"cat"}}) == Outcome{0, ""});
}

TEST_CASE("output is bounded, and the program still ends") {
    auto const outcome = run({{"sh", "-c", "head -c 3000000 /dev/zero"}});
    CHECK(outcome.fine());
    CHECK(outcome.output.size() == Outcome::most_output);
}

TEST_CASE("a program that is not there") {
    CHECK(find_program("no-such-program-here").empty());
    auto const outcome = run({{"no-such-program-here"}});
    CHECK(outcome.status == 127);
    CHECK(outcome.reason() == "no-such-program-here is not installed");
}

TEST_CASE("the reason is the last thing that was said") {
    CHECK(Outcome{1, "one\ntwo\n\n"}.reason() == "two");
    CHECK(Outcome{4, ""}.reason() == "exit status 4");
}

TEST_CASE("a program in the foreground has our variables and the new ones, and its status is ours") {
    ForegroundSignals const signals;
    std::string problem;
    auto const status = [&](std::string const& script) {
        return run_in_foreground({"sh", "-c", script}, {{"NEW", "a b"}}, signals, problem);
    };
    CHECK(status("test \"$NEW\" = 'a b' && test -n \"$PATH\" && exit 7") == 7);
    CHECK(status("kill -TERM $$") == 128 + SIGTERM);
    CHECK(problem.empty());
    CHECK(run_in_foreground({"no-such-program-here"}, {}, signals, problem) == 127);
    CHECK_THAT(problem, Catch::Contains("no-such-program-here"));
}

TEST_CASE("a signal that is sent to us is sent on") {
    ForegroundSignals const signals;
    std::string problem;
    auto const script =
        "trap 'exit 5' USR1; kill -USR1 " + std::to_string(::getpid()) + "; while :; do sleep 0.1; done";
    CHECK(run_in_foreground({"sh", "-c", script}, {}, signals, problem) == 5);
}
