#include "record/jsonl_sink.hpp"

#include "record/json.hpp"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace alert40::record {

namespace {

std::string reason(int error) {
    return std::generic_category().message(error);
}

/// Whether what is in the file does not end with a line break: a writer before us was cut. A pipe has no end.
bool ends_within_line(std::string const& path) {
    struct stat status {};

    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0) return false;
    auto const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    char end = '\n';
    auto const n = ::pread(fd, &end, 1, status.st_size - 1);
    ::close(fd);
    return n == 1 && end != '\n';
}

int open_to_append(std::string const& path) {
    // O_NONBLOCK: a pipe whose reader is slow must not hold up the proxy. A file does not care.
    return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
}

/// Whether `path` still leads to what `fd` is.
bool leads_to(std::string const& path, int fd) {
    struct stat named {};

    struct stat opened {};

    return ::stat(path.c_str(), &named) == 0 && ::fstat(fd, &opened) == 0 && named.st_dev == opened.st_dev &&
           named.st_ino == opened.st_ino;
}

} // namespace

JsonlSink::JsonlSink(std::string path, Report report)
    : path_(std::move(path))
    , report_(std::move(report))
    , fd_(open_to_append(path_)) {
    if (fd_ < 0) throw std::runtime_error("cannot open " + path_ + " for records: " + reason(errno));
    if (ends_within_line(path_)) rest_ = "\n";
}

JsonlSink::~JsonlSink() {
    ::close(fd_);
}

void JsonlSink::take(HandshakeRecord const& record) noexcept {
    append(to_json(record));
}

void JsonlSink::take(ConnectionFailureRecord const& record) noexcept {
    append(to_json(record));
}

void JsonlSink::take(LadderRecord const& record) noexcept {
    append(to_json(record));
}

void JsonlSink::take(DiagnosisRecord const& record) noexcept {
    append(to_json(record));
}

void JsonlSink::reopen() {
    std::unique_lock lock{mutex_};
    if (leads_to(path_, fd_)) return;
    auto const fd = open_to_append(path_);
    auto const error = errno;
    if (fd >= 0) {
        ::close(std::exchange(fd_, fd));
        rest_ = ends_within_line(path_) ? "\n" : ""; // what the old file lacks, it lacks for good
        cut_ = 0;
    }
    lock.unlock();
    if (fd < 0)
        report_("cannot open " + path_ + " again for records: " + reason(error) +
                "; they go on into the file that was open");
}

std::uint64_t JsonlSink::missing() const {
    std::lock_guard const lock{mutex_};
    return missing_;
}

void JsonlSink::append(std::string line) {
    line += '\n';
    std::unique_lock lock{mutex_};
    auto const bytes = rest_ + line;
    auto const [written, error] = write(bytes);
    auto const news = account(bytes, written, error);
    lock.unlock();
    if (!news.empty()) report_(news);
}

/// One write(2) where all goes well; after a short one another, which says why.
JsonlSink::Written JsonlSink::write(std::string_view bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        auto const n = ::write(fd_, bytes.data() + written, bytes.size() - written);
        if (n >= 0)
            written += static_cast<std::size_t>(n);
        else if (errno != EINTR)
            return {written, errno};
    }
    return {written, 0};
}

/// Notes what of `bytes` (the rest of an earlier line, and one more line) is in the file. Returns what is
/// news.
std::string JsonlSink::account(std::string_view bytes, std::size_t written, int error) {
    auto const owed = rest_.size();
    if (owed > 0 && written >= owed) missing_ -= std::exchange(cut_, 0);
    if (error == 0) {
        rest_.clear();
        if (!std::exchange(failing_, false)) return {};
        return "records are written to " + path_ + " again; " + std::to_string(missing_) +
               " are missing in it";
    }
    ++missing_;
    if (written < owed)
        rest_.erase(0, written); // the earlier line is still not whole, and this one is left out
    else {
        rest_ = written > owed ? bytes.substr(written) : std::string_view{};
        cut_ = written > owed ? 1 : 0;
    }
    if (std::exchange(failing_, true)) return {};
    return "cannot write records to " + path_ + ": " + reason(error) + "; the proxy goes on without";
}

} // namespace alert40::record
