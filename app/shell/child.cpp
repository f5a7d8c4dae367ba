#include "app/shell/child.hpp"

#include "app/shell/program.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace alert40::app::shell {

namespace {

constexpr int kept_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCHLD};

sigset_t kept() {
    sigset_t set;
    ::sigemptyset(&set);
    for (int const signal : kept_signals)
        ::sigaddset(&set, signal);
    return set;
}

/// The program starts as if we had never touched a signal.
class Attributes {
  public:
    Attributes() {
        sigset_t none, ignored;
        ::sigemptyset(&none);
        ::sigemptyset(&ignored);
        ::sigaddset(&ignored, SIGPIPE);
        ::sigaddset(&ignored, SIGXFSZ);
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &ignored);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }

    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }

    Attributes(Attributes const&) = delete;
    Attributes& operator=(Attributes const&) = delete;

    posix_spawnattr_t const* get() const { return &attributes_; }

  private:
    posix_spawnattr_t attributes_;
};

/// "NAME=value", ours with the new ones in their place.
std::vector<std::string> environment_with(std::vector<std::pair<std::string, std::string>> const& variables) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry; ++entry) {
        std::string_view const text = *entry;
        auto const name = text.substr(0, text.find('='));
        if (std::ranges::none_of(variables, [&](auto const& one) { return one.first == name; }))
            all.emplace_back(text);
    }
    for (auto const& [name, value] : variables)
        all.push_back(name + '=' + value);
    return all;
}

std::vector<char*> pointers_to(std::vector<std::string> const& texts) {
    std::vector<char*> pointers;
    for (auto const& text : texts)
        pointers.push_back(const_cast<char*>(text.c_str())); // posix_spawn leaves them as they are
    pointers.push_back(nullptr);
    return pointers;
}

/// Until the child is gone.
int heed(pid_t child) {
    auto const signals = kept();
    for (;;) {
        int status = 0;
        if (::waitpid(child, &status, WNOHANG) == child) return shell_status(status);
        siginfo_t sent{};
        auto const signal = ::sigwaitinfo(&signals, &sent);
        bool const from_terminal = sent.si_code == SI_KERNEL; // the whole foreground group got it
        if (signal > 0 && signal != SIGCHLD && !from_terminal) ::kill(child, signal);
    }
}

} // namespace

ForegroundSignals::ForegroundSignals() {
    ::signal(SIGCHLD, SIG_DFL); // whose parent ignored it is not told of its own children either
    auto const set = kept();
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

ForegroundSignals::~ForegroundSignals() {
    auto const set = kept();
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

int run_in_foreground(std::vector<std::string> const& words,
                      std::vector<std::pair<std::string, std::string>> const& variables,
                      ForegroundSignals const&, std::string& problem) {
    auto const program = find_program(words.front());
    if (program.empty()) {
        problem = words.front() + ": there is no such program";
        return 127;
    }
    auto const environment = environment_with(variables);
    pid_t child = -1;
    auto const error = ::posix_spawn(&child, program.c_str(), nullptr, Attributes().get(),
                                     pointers_to(words).data(), pointers_to(environment).data());
    if (error == 0) return heed(child);
    problem = words.front() + ": " + std::strerror(error);
    return 126;
}

} // namespace alert40::app::shell
