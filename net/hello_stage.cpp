#include "net/hello_stage.hpp"

#include "tls/engine/split_hello.hpp"
#include "tls/wire/edit_client_hello.hpp"

#include <algorithm>

namespace alert40::net {

using tls::SplitHello;
using State = tls::wire::ClientHelloReader::State;

bool Ordeal::touches_hello() const {
    bool const splits = split.mode != SplitHello::Mode::none;
    return splits || hello_delay.count() > 0 || !edit.changes_nothing() ||
           std::ranges::any_of(path, &PathFault::behind_hello);
}

void HelloStage::feed(std::span<std::uint8_t const> bytes) {
    auto& behind = released_ ? parts_.back().bytes : held_;
    behind.insert(behind.end(), bytes.begin(), bytes.end());
    if (!released_ && reader_.feed(bytes) != State::incomplete) release();
}

void HelloStage::end() {
    if (!released_) release();
}

void HelloStage::release() {
    released_ = true;
    if (reader_.state() == State::whole)
        make_parts();
    else if (!held_.empty())
        parts_.push_back({{}, std::move(held_)});
    held_ = {};
}

std::size_t HelloStage::size() const {
    auto size = held_.size();
    for (auto const& part : parts_)
        size += part.bytes.size();
    return size;
}

void HelloStage::make_parts() {
    auto const wire_size = static_cast<std::ptrdiff_t>(reader_.wire_size());
    hello_.assign(held_.begin(), held_.begin() + wire_size);
    if (!ordeal_.edit.changes_nothing())
        if (auto const edited = tls::wire::edit_client_hello(reader_.body(), ordeal_.edit))
            hello_ = tls::wire::client_hello_records(*edited, reader_.legacy_record_version());

    std::size_t first = hello_.size();
    if (ordeal_.split.mode == SplitHello::Mode::segment) first = ordeal_.split.at;
    if (ordeal_.split.mode == SplitHello::Mode::record) {
        hello_ = tls::engine::split_first_record(hello_, ordeal_.split.at);
        first = tls::wire::record_header_size + ordeal_.split.at;
    }
    first = std::min(first, hello_.size());
    auto const cut = hello_.begin() + static_cast<std::ptrdiff_t>(first);
    parts_.push_back({ordeal_.hello_delay, {hello_.begin(), cut}});
    std::vector<std::uint8_t> rest(cut, hello_.end());
    auto const pause = rest.empty() ? std::chrono::milliseconds(0) : ordeal_.split_pause;
    rest.insert(rest.end(), held_.begin() + wire_size, held_.end());
    if (!rest.empty()) parts_.push_back({pause, std::move(rest)});
}

} // namespace alert40::net
