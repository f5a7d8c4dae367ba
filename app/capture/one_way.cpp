#include "app/capture/one_way.hpp"

#include <algorithm>
#include <utility>

namespace alert40::app::capture {

std::vector<Bytes> OneWay::take(Segment const& segment) {
    passed_.clear();
    auto const sequence = segment.sequence + (segment.syn ? 1 : 0);
    if (!next_) next_ = sequence;
    if (segment.fin && !fin_)
        fin_ = sequence + static_cast<std::uint32_t>(segment.payload.size() + segment.missing);

    std::vector<Bytes> pieces;
    auto const add = [&](Bytes bytes) {
        if (!bytes.empty()) pieces.push_back(bytes);
    };
    if (ahead(sequence) > 0)
        keep(sequence, segment.payload);
    else {
        add(pass(sequence, segment.payload));
        // What the capture has cut off never comes, unless it is sent again.
        if (segment.missing > 0 && ahead(sequence) + static_cast<std::int64_t>(segment.payload.size()) >= 0)
            cut_ = true;
    }
    auto const fits = [&](Waiting const& one) { return ahead(one.sequence) <= 0; };
    for (auto found = waiting_.begin(); (found = std::ranges::find_if(waiting_, fits)) != waiting_.end();) {
        passed_.push_back(std::move(*found));
        waiting_.erase(found);
        add(pass(passed_.back().sequence, passed_.back().bytes));
    }
    return pieces;
}

void OneWay::keep(std::uint32_t sequence, Bytes payload) {
    if (payload.empty()) return;
    if (waiting_.size() >= most_waiting || static_cast<std::uint32_t>(ahead(sequence)) > furthest_ahead) {
        cut_ = true;
        return;
    }
    waiting_.push_back({sequence, {payload.begin(), payload.end()}});
}

/// The part of it that is new.
Bytes OneWay::pass(std::uint32_t sequence, Bytes payload) {
    auto const old = static_cast<std::uint32_t>(-static_cast<std::int64_t>(ahead(sequence)));
    if (old >= payload.size()) return {};
    auto const fresh = payload.subspan(old);
    *next_ += static_cast<std::uint32_t>(fresh.size());
    return fresh;
}

} // namespace alert40::app::capture
