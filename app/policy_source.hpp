#pragma once

#include "app/run_flags.hpp"
#include "policy/parse/parse.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace alert40::app {

/// Where the policy of this run comes from: a file or the built-in policy, and the flags laid over it.
class PolicySource {
  public:
    using Loaded = boost::system::result<policy::parse::Parsed, std::vector<policy::parse::Problem>>;

    /// `capabilities` outlives it. Throws UsageError for flags that are wrong whatever the file says.
    PolicySource(RunFlags flags, policy::Capabilities const& capabilities);

    /// A policy that is in no file; `name` is what it is called. The same lifetime.
    PolicySource(std::string text, std::string name, policy::Capabilities const& capabilities);

    /// Reads everything again. Throws UsageError where flags and file do not go together.
    Loaded load() const;

    /// The file to watch; it need not exist. Empty: there is none.
    std::filesystem::path const& file() const { return file_; }

    /// "policy.toml" with its path, or "the built-in policy", or what its text was called.
    std::string name() const;

  private:
    bool uses_file() const;
    Loaded load_file() const;
    void lay_flags_over(policy::parse::Parsed& parsed) const;

    RunFlags flags_;
    policy::Capabilities const& capabilities_;
    std::filesystem::path file_;
    std::optional<std::string> text_; ///< in place of a file
    std::string name_;                ///< of the text
    policy::Policy said_;             ///< by the flags: the rules and credentials in it
    std::vector<policy::Endpoint> listen_;
    std::vector<policy::Map> maps_;
};

} // namespace alert40::app
