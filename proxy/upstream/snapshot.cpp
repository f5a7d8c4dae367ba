#include "proxy/upstream/snapshot.hpp"

#include "tls/engine/capabilities.hpp"
#include "tls/engine/mirror.hpp"

#include <algorithm>
#include <utility>

namespace alert40::proxy {

using boost::system::result;

namespace {

constexpr std::size_t most_mirrored = 256;
constexpr std::size_t most_offering = 64;

/// Its files may have changed behind their names.
bool reads_files(tls::Profile const& profile) {
    return !profile.verify.ca_file.empty() || profile.client_certificate;
}

} // namespace

Snapshot::Snapshot(std::shared_ptr<policy::Rulebook const> rulebook,
                   std::vector<policy::Endpoint> own_listeners)
    : rulebook_(std::move(rulebook))
    , own_listeners_(std::move(own_listeners)) {}

result<std::shared_ptr<Snapshot const>, std::string>
Snapshot::make(std::shared_ptr<policy::Rulebook const> rulebook, std::vector<policy::Endpoint> own_listeners,
               Snapshot const* before) {
    std::shared_ptr<Snapshot> snapshot{new Snapshot(std::move(rulebook), std::move(own_listeners))};
    auto const& profiles = snapshot->rulebook().policy().profiles;
    if (before) {
        std::lock_guard const lock(before->mutex_);
        for (auto const& profile : profiles) {
            auto const known = before->ready_.find(profile.name);
            if (known != before->ready_.end() && known->second.context->profile() == profile &&
                !reads_files(profile))
                snapshot->ready_.insert(*known);
        }
    }
    for (auto const& profile : profiles) {
        if (tls::built_in_profile(profile.name)) continue;
        if (auto const ready = snapshot->profile(profile.name); !ready) return ready.error();
    }
    return std::shared_ptr<Snapshot const>{std::move(snapshot)};
}

result<ReadyProfile, std::string> Snapshot::profile(std::string_view name) const {
    std::lock_guard const lock(mutex_);
    if (auto const known = ready_.find(name); known != ready_.end()) return known->second;
    auto const* const profile = rulebook_->policy().profile(name);
    auto context = tls::engine::ClientContext::make(*profile);
    if (!context) return "profile " + profile->name + ": " + context.error();
    ReadyProfile ready{*std::move(context), tls::engine::weaknesses(*profile)};
    ready_.emplace(profile->name, ready);
    return ready;
}

result<ReadyProfile, std::string> Snapshot::mirror(std::string_view name, AppHello const& hello) const {
    auto const& said = hello.offered;
    auto key = std::string(name) + " " + said.ja3 + " " + said.ja4;
    for (auto const& protocol : said.alpn)
        key += " " + protocol;
    std::lock_guard const lock(mutex_);
    if (auto const known = mirrored_.find(key); known != mirrored_.end()) return known->second;
    auto mirrored = tls::engine::mirror(hello.body, *rulebook_->policy().profile(name));
    auto context = tls::engine::ClientContext::make(mirrored.profile);
    if (!context) return "profile " + std::string(name) + ": " + context.error();
    if (mirrored_.size() >= most_mirrored) mirrored_.clear();
    ReadyProfile ready{*std::move(context), tls::engine::weaknesses(mirrored.profile),
                       std::move(mirrored.missing)};
    mirrored_.emplace(std::move(key), ready);
    return ready;
}

result<ReadyProfile, std::string> Snapshot::offering(ReadyProfile const& base,
                                                     std::vector<tls::Offer> const& offers) const {
    auto profile = base.context->profile();
    for (auto const& offer : offers)
        profile = tls::with_offer(std::move(profile), offer);
    std::lock_guard const lock(mutex_);
    auto const known = std::ranges::find_if(
        offering_, [&](ReadyProfile const& one) { return one.context->profile() == profile; });
    if (known != offering_.end()) return *known;
    auto context = tls::engine::ClientContext::make(profile);
    if (!context) return "profile " + profile.name + ": " + context.error();
    if (offering_.size() >= most_offering) offering_.clear();
    return offering_.emplace_back(
        ReadyProfile{*std::move(context), tls::engine::weaknesses(profile), base.missing});
}

} // namespace alert40::proxy
