#include "app/stop_signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace alert40::app {

StopSignals::StopSignals() {
    ::sigemptyset(&set_);
    for (int const signal : {SIGHUP, SIGINT, SIGTERM})
        ::sigaddset(&set_, signal);
    descriptor_ = ::signalfd(-1, &set_, SFD_NONBLOCK | SFD_CLOEXEC);
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
    ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
}

StopSignals::~StopSignals() {
    ::close(descriptor_);
}

int StopSignals::take() const {
    signalfd_siginfo sent{};
    return ::read(descriptor_, &sent, sizeof sent) == sizeof sent ? static_cast<int>(sent.ssi_signo) : 0;
}

void StopSignals::leave_to_system() const {
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    ::pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
}

} // namespace alert40::app
