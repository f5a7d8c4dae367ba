#include "proxy/intercept/interceptor.hpp"

#include <algorithm>
#include <utility>

namespace alert40::proxy {

using boost::system::result;

namespace {

constexpr std::size_t most_distrusted = 1024;

bool same(tls::ca::Files const& a, tls::ca::Files const& b) {
    return a.cert == b.cert && a.key == b.key;
}

} // namespace

Interceptor::Interceptor(tls::ca::Files files)
    : context_(tls::engine::ServerContext::make())
    , files_(std::move(files)) {}

void Interceptor::use(tls::ca::Files files) {
    std::lock_guard const lock(mutex_);
    if (same(files, files_)) return;
    files_ = std::move(files);
    authority_.reset();
}

result<std::shared_ptr<tls::ca::Authority const>, std::string> Interceptor::authority() {
    std::lock_guard const lock(mutex_);
    if (!authority_) {
        if (files_.cert.empty())
            return std::string("there is no place for an authority: set [authority], or HOME");
        auto loaded = tls::ca::Authority::load_or_create(files_);
        if (!loaded) return loaded.error();
        authority_ = *std::move(loaded);
    }
    return authority_;
}

Interceptor::Leaf Interceptor::leaf_for(std::string_view host, bool rsa) {
    auto const signer = authority();
    if (!signer) return signer.error();
    return rsa ? (*signer)->rsa_leaf_for(host) : (*signer)->leaf_for(host);
}

Interceptor::Leaf Interceptor::flawed_leaf_for(std::string_view host, tls::Flaw flaw) {
    auto const signer = authority();
    if (!signer) return signer.error();
    return (*signer)->flawed_leaf_for(host, flaw);
}

void Interceptor::distrust(std::string host, std::chrono::milliseconds time) {
    std::lock_guard const lock(mutex_);
    auto const now = Clock::now();
    std::erase_if(distrusted_, [&](auto const& each) { return each.second <= now; });
    if (distrusted_.size() >= most_distrusted && !distrusted_.contains(host))
        distrusted_.erase(
            std::ranges::min_element(distrusted_, {}, [](auto const& each) { return each.second; }));
    distrusted_.insert_or_assign(std::move(host), now + time);
}

bool Interceptor::distrusted(std::string_view host) const {
    std::lock_guard const lock(mutex_);
    auto const known = distrusted_.find(host);
    return known != distrusted_.end() && known->second > Clock::now();
}

} // namespace alert40::proxy
