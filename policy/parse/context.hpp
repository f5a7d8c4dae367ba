#pragma once

#include "policy/parse/parse.hpp"
#include "policy/parse/position.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alert40::policy::parse {

/// What every part of the parser needs: where problems go, whom to ask, where the file is. Lives for one
/// parse.
class Context {
  public:
    Context(std::filesystem::path file, Capabilities const& capabilities,
            std::chrono::system_clock::time_point now)
        : file_(std::move(file))
        , capabilities_(&capabilities)
        , now_(now) {}

    void error(Position at, std::string_view message) { add(errors_, at, message); }

    void warning(Position at, std::string_view message) { add(warnings_, at, message); }

    bool failed() const { return !errors_.empty(); }

    /// In the order of the file.
    std::vector<Problem> take_errors() { return sorted(std::move(errors_)); }

    std::vector<Problem> take_warnings() { return sorted(std::move(warnings_)); }

    Capabilities const& capabilities() const { return *capabilities_; }

    std::chrono::system_clock::time_point now() const { return now_; }

    /// A path as written in the policy, taken from the policy's folder.
    std::filesystem::path resolve(std::string_view path) const;

    /// The key whose value is being read, in quotes, for messages.
    std::string const& key() const { return key_; }

    std::string exchange_key(std::string key) { return std::exchange(key_, std::move(key)); }

  private:
    void add(std::vector<Problem>& to, Position at, std::string_view message);
    static std::vector<Problem> sorted(std::vector<Problem> problems);

    std::filesystem::path file_;
    Capabilities const* capabilities_;
    std::chrono::system_clock::time_point now_;
    std::string key_;
    std::vector<Problem> errors_;
    std::vector<Problem> warnings_;
};

/// Fit for one line on a terminal: control characters replaced.
std::string printable(std::string_view text);
/// The same in double quotes, and shortened.
std::string in_quotes(std::string_view text);

} // namespace alert40::policy::parse
