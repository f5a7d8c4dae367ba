#pragma once

#include "app/trust/store.hpp"

#include <boost/system/result.hpp>

#include <filesystem>
#include <vector>

namespace alert40::app::trust {

/// One store that was told to trust an authority of ours.
struct Entry {
    Store store;
    std::string sha256; ///< of the authority at that time

    bool operator==(Entry const&) const = default;
};

/// What `trust` did, so that `untrust` finds it again after the authority was made anew or a profile was
/// moved: a JSON array in a file of the data folder.
class ChangeList {
  public:
    explicit ChangeList(std::filesystem::path file);

    /// Empty where there is no file. The error is one line that names the file.
    boost::system::result<std::vector<Entry>, std::string> read() const;
    /// Whole or not at all; removes the file where nothing is left to remember.
    std::optional<std::string> write(std::vector<Entry> const& entries) const;

  private:
    std::filesystem::path file_;
};

} // namespace alert40::app::trust
