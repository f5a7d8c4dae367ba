#include "app/folders.hpp"

#include "app/exit.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace alert40::app {

namespace {

/// The XDG specification: a relative path is to be ignored.
std::filesystem::path absolute_path_in(char const* variable) {
    auto const* const value = std::getenv(variable);
    std::filesystem::path path = value ? value : "";
    return path.is_absolute() ? path : std::filesystem::path{};
}

} // namespace

std::filesystem::path users_policy_file() {
    auto folder = absolute_path_in("XDG_CONFIG_HOME");
    if (folder.empty()) {
        folder = absolute_path_in("HOME");
        if (folder.empty()) return {};
        folder /= ".config";
    }
    return folder / "alert40" / "policy.toml";
}

std::filesystem::path home_folder() {
    auto folder = absolute_path_in("HOME");
    if (folder.empty()) throw CommandError("HOME is not set");
    return folder;
}

std::filesystem::path data_folder() {
    auto const folder = absolute_path_in("XDG_DATA_HOME");
    return (folder.empty() ? home_folder() / ".local" / "share" : folder) / "alert40";
}

void ensure_data_folder() {
    auto const folder = data_folder();
    std::error_code error;
    std::filesystem::create_directories(folder.parent_path(), error);
    if (error) throw CommandError("cannot make " + folder.parent_path().string() + ": " + error.message());
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        throw CommandError("cannot make " + folder.string() + ": " + std::strerror(errno));
}

std::filesystem::path runtime_folder() {
    auto const folder = absolute_path_in("XDG_RUNTIME_DIR");
    if (folder.empty()) return "/tmp/alert40-" + std::to_string(::geteuid());
    return folder / "alert40";
}

void ensure_private_folder(std::filesystem::path const& folder) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        throw CommandError("cannot make " + folder.string() + ": " + std::strerror(errno));

    struct stat found {};

    if (::lstat(folder.c_str(), &found) != 0)
        throw CommandError("cannot look at " + folder.string() + ": " + std::strerror(errno));
    bool const ours = S_ISDIR(found.st_mode) && found.st_uid == ::geteuid() && (found.st_mode & 077) == 0;
    if (!ours)
        throw CommandError(folder.string() +
                           " is not a folder of this user alone (mode 0700); it is not used");
}

} // namespace alert40::app
