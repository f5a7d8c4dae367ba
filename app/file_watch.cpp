#include "app/file_watch.hpp"

#include <sys/stat.h>

namespace alert40::app {

namespace {

std::int64_t nanoseconds(timespec const& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

} // namespace

std::optional<FileStamp> stamp_of(std::filesystem::path const& file) {
    struct stat found {};

    if (file.empty() || ::stat(file.c_str(), &found) != 0) return std::nullopt;
    return FileStamp{found.st_dev, found.st_ino, found.st_size, nanoseconds(found.st_mtim),
                     nanoseconds(found.st_ctim)};
}

FileWatch::News FileWatch::look() {
    auto const now = stamp_of(file_);
    bool const settled = now == seen_;
    seen_ = now;
    if (!settled || now == known_) return News::none;
    known_ = now;
    return now ? News::changed : News::gone;
}

} // namespace alert40::app
