#include "app/shell/program.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <string>

namespace alert40::app::shell {

namespace {

bool can_run(std::filesystem::path const& file) {
    std::error_code missing;
    return std::filesystem::is_regular_file(file, missing) && ::access(file.c_str(), X_OK) == 0;
}

} // namespace

std::filesystem::path find_program(std::string_view name) {
    if (name.find('/') != name.npos) return can_run(name) ? std::filesystem::path(name) : "";
    auto const* const path = std::getenv("PATH");
    std::istringstream folders(std::string(path ? path : "/usr/bin:/bin") + ":/usr/sbin:/sbin");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (auto file = std::filesystem::path(folder) / name; !folder.empty() && can_run(file)) return file;
    return {};
}

int shell_status(int wait_status) {
    return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return 127;
    return shell_status(status);
}

} // namespace alert40::app::shell
