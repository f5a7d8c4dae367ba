#include "app/shell/command.hpp"

#include "app/shell/program.hpp"
#include "app/shell/syntax.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>

namespace alert40::app::shell {

namespace {

/// What the program is to have instead of our own streams.
class Streams {
  public:
    explicit Streams(int output) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    }

    ~Streams() { ::posix_spawn_file_actions_destroy(&actions_); }

    Streams(Streams const&) = delete;
    Streams& operator=(Streams const&) = delete;

    posix_spawn_file_actions_t const* get() const { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_;
};

/// Everything to the end, so that the program never waits for us; what is too much is dropped.
std::string read_all(int fd) {
    std::string text;
    std::array<char, 16 * 1024> chunk;
    for (;;) {
        auto const got = ::read(fd, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        auto const room = Outcome::most_output - text.size();
        text.append(chunk.data(), std::min(static_cast<std::size_t>(got), room));
    }
}

} // namespace

std::string Command::text() const {
    std::string out;
    for (auto const& word : words)
        out += (out.empty() ? "" : " ") + quoted(Kind::posix, word);
    return out;
}

std::string Outcome::reason() const {
    std::string last, line;
    for (std::istringstream lines(output); std::getline(lines, line);)
        if (!line.empty()) last = line;
    return last.empty() ? "exit status " + std::to_string(status) : last;
}

Outcome run(Command const& command) {
    auto const program = find_program(command.words.front());
    if (program.empty()) return {127, command.words.front() + " is not installed"};
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return {127, std::strerror(errno)};
    Streams const streams(pipe[1]);
    std::vector<char*> arguments;
    for (auto const& word : command.words)
        arguments.push_back(const_cast<char*>(word.c_str())); // posix_spawn leaves them as they are
    arguments.push_back(nullptr);
    pid_t child = -1;
    auto const error =
        ::posix_spawn(&child, program.c_str(), streams.get(), nullptr, arguments.data(), environ);
    ::close(pipe[1]);
    Outcome outcome{127, error == 0 ? "" : std::strerror(error)};
    if (error == 0) {
        outcome.output = read_all(pipe[0]);
        outcome.status = wait_for(child);
    }
    ::close(pipe[0]);
    return outcome;
}

} // namespace alert40::app::shell
