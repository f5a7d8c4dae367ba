#include "tls/wire/frame_splitter.hpp"

#include <algorithm>

namespace alert40::tls::wire {

/// True when the front has `size` bytes in one place; what there is of them moves into `kept_` otherwise.
bool FrameSplitter::gather(std::size_t size) {
    if (kept_.empty() && input_.size() >= size) return true;
    if (kept_.size() < size) {
        auto const n = std::min(size - kept_.size(), input_.size());
        kept_.insert(kept_.end(), input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(n));
        input_ = input_.subspan(n);
    }
    return kept_.size() >= size;
}

Bytes FrameSplitter::front(std::size_t size) const {
    return kept_.empty() ? input_.first(size) : Bytes{kept_}.first(size);
}

void FrameSplitter::release() {
    if (kept_.empty())
        input_ = input_.subspan(lent_);
    else
        kept_ = {};
    offset_ += lent_;
    lent_ = 0;
}

} // namespace alert40::tls::wire
