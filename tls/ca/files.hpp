#pragma once

#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <string_view>

/// The files of an authority. Errors are one line that names the file.
namespace alert40::tls::ca {

/// The text of a file that anyone may read. Bounded.
boost::system::result<std::string, std::string> read_file(std::string const& path);
/// Of one that its owner alone may read: refused where group or others may do so, too.
boost::system::result<std::string, std::string> read_secret(std::string const& path);

enum class Readers { owner, all };

/// Nothing: a new file with this text is on the disk. An error where there is a file already, whatever it is.
std::optional<std::string> write_new_file(std::string const& path, std::string_view text, Readers readers);

bool file_exists(std::string const& path);
/// Makes the folder of `path` and those above it, for the owner alone; one that exists stays as it is.
std::optional<std::string> make_folder_of(std::string const& path);

/// Held while the files in a folder are looked at or made, against another process (or thread) that does the
/// same. Waits for it. Does nothing where the file system has no locks: then O_EXCL alone decides.
class FolderLock {
  public:
    enum class Kind { shared, exclusive };
    FolderLock(std::string const& path_in_folder, Kind kind);
    ~FolderLock();
    FolderLock(FolderLock const&) = delete;
    FolderLock& operator=(FolderLock const&) = delete;

  private:
    int folder_ = -1;
};

} // namespace alert40::tls::ca
