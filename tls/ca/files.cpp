#include "tls/ca/files.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace alert40::tls::ca {
namespace {

using Text = boost::system::result<std::string, std::string>;

constexpr std::size_t max_file = 64 * 1024;

std::string quoted(std::string const& path) {
    return "\"" + path + "\"";
}

std::string reason(int error) {
    return std::generic_category().message(error);
}

/// A file descriptor, closed at the end.
class Descriptor {
  public:
    explicit Descriptor(int fd)
        : fd_(fd) {}

    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }

    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;

    int get() const { return fd_; }

  private:
    int fd_;
};

Text read(std::string const& path, bool is_secret) {
    Descriptor const file(
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)); // a FIFO must not hold us up

    struct stat facts {};

    if (file.get() < 0 || ::fstat(file.get(), &facts) != 0)
        return Text(boost::system::in_place_error, "cannot read " + quoted(path) + ": " + reason(errno));
    auto const refused = [&](std::string const& why) {
        return Text(boost::system::in_place_error, quoted(path) + why);
    };
    if (!S_ISREG(facts.st_mode)) return refused(" is no file");
    if (is_secret && (facts.st_mode & (S_IRWXG | S_IRWXO)))
        return refused(" is a private key that others may read: chmod 600 it (and make a new authority where "
                       "somebody may have done so)");
    std::string text(max_file + 1, '\0');
    std::size_t size = 0;
    for (;;) {
        auto const n = ::read(file.get(), text.data() + size, text.size() - size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return refused(" cannot be read: " + reason(errno));
        size += static_cast<std::size_t>(n);
        if (n == 0 || size == text.size()) break;
    }
    if (size > max_file) return refused(" is too large to be a PEM file of an authority");
    text.resize(size);
    return Text(boost::system::in_place_value, std::move(text));
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        auto const n = ::write(fd, text.data(), text.size());
        if (n < 0 && errno != EINTR) return false;
        if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
    }
    return ::fsync(fd) == 0;
}

std::filesystem::path folder_of(std::string const& path) {
    auto const folder = std::filesystem::path(path).parent_path();
    return folder.empty() ? "." : folder;
}

/// One folder after the other, from the top.
int make_folders(std::filesystem::path const& folder) {
    if (::mkdir(folder.c_str(), S_IRWXU) == 0 || errno == EEXIST) return 0;
    if (errno != ENOENT || !folder.has_parent_path() || folder.parent_path() == folder) return errno;
    if (auto const error = make_folders(folder.parent_path())) return error;
    return ::mkdir(folder.c_str(), S_IRWXU) == 0 || errno == EEXIST ? 0 : errno;
}

} // namespace

Text read_file(std::string const& path) {
    return read(path, false);
}

Text read_secret(std::string const& path) {
    return read(path, true);
}

std::optional<std::string> write_new_file(std::string const& path, std::string_view text, Readers readers) {
    auto const mode = readers == Readers::owner ? S_IRUSR | S_IWUSR : S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
    Descriptor const file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode)));
    if (file.get() < 0) return "cannot make " + quoted(path) + ": " + reason(errno);
    if (write_all(file.get(), text)) return std::nullopt;
    auto const error = errno;
    ::unlink(path.c_str());
    return "cannot write " + quoted(path) + ": " + reason(error);
}

bool file_exists(std::string const& path) {
    struct stat facts {};

    return ::lstat(path.c_str(), &facts) == 0;
}

std::optional<std::string> make_folder_of(std::string const& path) {
    auto const folder = folder_of(path);
    if (auto const error = make_folders(folder))
        return "cannot make the folder " + quoted(folder.string()) + ": " + reason(error);
    return std::nullopt;
}

FolderLock::FolderLock(std::string const& path_in_folder, Kind kind)
    : folder_(::open(folder_of(path_in_folder).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    while (folder_ >= 0 && ::flock(folder_, kind == Kind::shared ? LOCK_SH : LOCK_EX) != 0 &&
           errno == EINTR) {
    }
}

FolderLock::~FolderLock() {
    if (folder_ >= 0) ::close(folder_);
}

} // namespace alert40::tls::ca
