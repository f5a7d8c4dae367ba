#pragma once

#include "diagnose/hello/difference.hpp"
#include "diagnose/hello/element_list.hpp"
#include "diagnose/hello/hello.hpp"

#include <span>
#include <vector>

namespace alert40::diagnose {

/// Numbers of differences, ascending.
using Subset = std::vector<std::size_t>;

/// Two hellos, taken apart into the single things in which they differ; any of these can be put into the one
/// that works. What changes in every hello (random, key exchange, which GREASE) is no difference, nor is the
/// size, which all others add up to.
class Comparison {
  public:
    Comparison(Hello working, Hello failing);

    std::vector<Difference> const& differences() const { return differences_; }

    Hello const& working() const { return working_; }

    Hello const& failing() const { return failing_; }

    /// The working hello with these differences: the working one for none, the failing one for all. In
    /// between it is kept well-formed: a key share comes with its group and goes with it, pre_shared_key is
    /// last, what a list must not lack stays.
    Hello with(Subset const& applied) const;

  private:
    struct List {
        Place place = Place::cipher_suites;
        ElementList working, failing;
    };

    class Mix;

    void compare_fields();
    void compare_lists();
    void compare(List const& list);
    void note(Place place, Difference::Kind kind, Element const& element = {}, std::size_t bytes = 0);
    bool compared_as_list(std::uint16_t type) const;

    Hello working_, failing_;
    std::vector<List> lists_; ///< the extensions last
    std::vector<Difference> differences_;
};

} // namespace alert40::diagnose
