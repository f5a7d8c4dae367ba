#include "app/trusting_stores.hpp"

#include "app/folders.hpp"
#include "app/trust/nss_stores.hpp"
#include "app/trust/system_store.hpp"

namespace alert40::app {

trust::Anchor anchor_of(tls::ca::Authority const& authority, tls::ca::Files const& files) {
    return {std::filesystem::absolute(files.cert), authority.facts().sha256, authority.certificate_pem()};
}

std::vector<trust::Store> known_stores() {
    std::vector<trust::Store> stores;
    if (auto const system = trust::system_store()) stores.push_back(*system);
    for (auto& store : trust::nss_stores(home_folder()))
        stores.push_back(std::move(store));
    return stores;
}

std::vector<trust::Store> trusting_stores(trust::Anchor const& anchor) {
    auto stores = known_stores();
    std::erase_if(stores, [&](auto const& store) { return !trust::trusts(store, anchor); });
    return stores;
}

trust::ChangeList change_list() {
    return trust::ChangeList(data_folder() / "trust.json");
}

} // namespace alert40::app
