#pragma once

#include "diagnose/inventory/lane.hpp"

#include <functional>
#include <memory>

namespace alert40::diagnose {

/// Lanes that are asked side by side, and what is to be done with what each found.
class Round {
  public:
    using Done = std::function<void()>;

    /// `take` gets the lane once the whole round is over.
    template <class Made, class Take>
    void add(Made made, Take take) {
        auto lane = std::make_unique<Made>(std::move(made));
        auto& known = *lane;
        lanes_.push_back({std::move(lane), [&known, take = std::move(take)] { take(known); }});
    }

    static constexpr std::size_t at_once = 4;

    /// The lanes that want to know something, at most `at_once`.
    std::vector<Lane*> asking() const {
        std::vector<Lane*> asking;
        for (auto const& [lane, done] : lanes_)
            if (asking.size() < at_once && lane->next()) asking.push_back(lane.get());
        return asking;
    }

    bool wavered() const {
        return std::ranges::any_of(lanes_, [](auto const& one) { return one.first->wavered(); });
    }

    void over() const {
        for (auto const& [lane, done] : lanes_)
            done();
    }

  private:
    std::vector<std::pair<std::unique_ptr<Lane>, Done>> lanes_;
};

} // namespace alert40::diagnose
