#pragma once

#include "app/pointing/variables.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::app::pointing {

/// The value of a variable; empty: it is not set.
using Environment = std::function<std::string(std::string const& name)>;

/// What was so before `alert40 env` pointed a shell here, kept in a variable of that shell. A value that is
/// not the one given here is the user's own, whatever is remembered.
class Memory {
  public:
    static constexpr auto variable = "ALERT40_BEFORE";

    Memory() = default;
    /// What somebody else wrote into the variable is no memory.
    explicit Memory(Environment environment);

    /// What `name` was before; empty: it was not set.
    std::string before(std::string const& name) const;
    /// The variable that remembers all this once `given` are set.
    Variable with(std::vector<Variable> const& given) const;

    /// Its value once `names` are taken back; empty: nothing is left to remember.
    std::string without(std::vector<std::string> const& names) const;

    enum class Fate { unset, restore, keep };
    /// What becomes of `name` where it is taken back. Without a memory: `unset`.
    Fate fate(std::string const& name) const;

    bool knows(std::string const& name) const { return changes_.contains(name); }

  private:
    struct Change {
        std::string before, given;
    };

    bool is_ours(std::string const& name) const;

    Environment environment_ = [](auto const&) { return std::string(); };
    std::map<std::string, Change> changes_;
};

} // namespace alert40::app::pointing
