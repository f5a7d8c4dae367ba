#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>

namespace alert40::app {

/// What tells one state of a file from another; editors replace files, so the inode counts.
struct FileStamp {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t modified_ns = 0; ///< of the content
    std::int64_t changed_ns = 0;  ///< of the inode

    bool operator==(FileStamp const&) const = default;
};

/// Nothing: there is no such file.
std::optional<FileStamp> stamp_of(std::filesystem::path const& file);

/// Notices that a file was changed, replaced, made or removed, by asking the file system now and then. A
/// change is reported when the file has stayed the same from one look to the next, so that no half-written
/// one is read.
class FileWatch {
  public:
    enum class News { none, changed, gone };

    explicit FileWatch(std::filesystem::path file)
        : file_(std::move(file))
        , known_(stamp_of(file_))
        , seen_(known_) {}

    /// Call this about once a second.
    News look();

  private:
    std::filesystem::path file_;
    std::optional<FileStamp> known_; ///< reported, or there from the start
    std::optional<FileStamp> seen_;  ///< at the last look
};

} // namespace alert40::app
