#include "app/trust/nss_stores.hpp"

#include <algorithm>

namespace alert40::app::trust {

namespace fs = std::filesystem;

namespace {

struct Place {
    std::string_view owner;
    std::string_view folder;
    enum class Form { database, database_even_if_missing, folder_of_profiles } form;
};

using Form = Place::Form;

constexpr Place places[] = {
    {"Chromium", ".pki/nssdb", Form::database_even_if_missing},
    {"Chromium", ".local/share/pki/nssdb", Form::database},
    {"Chromium (snap)", "snap/chromium/current/.pki/nssdb", Form::database},
    {"Chromium (flatpak)", ".var/app/org.chromium.Chromium/.pki/nssdb", Form::database},
    {"Chrome (flatpak)", ".var/app/com.google.Chrome/.pki/nssdb", Form::database},
    {"Firefox", ".mozilla/firefox", Form::folder_of_profiles},
    {"Firefox", ".config/mozilla/firefox", Form::folder_of_profiles},
    {"Firefox (snap)", "snap/firefox/common/.mozilla/firefox", Form::folder_of_profiles},
    {"Firefox (flatpak)", ".var/app/org.mozilla.firefox/.mozilla/firefox", Form::folder_of_profiles},
    {"LibreWolf", ".librewolf", Form::folder_of_profiles},
    {"Thunderbird", ".thunderbird", Form::folder_of_profiles},
};

bool has_database(fs::path const& folder) {
    std::error_code missing;
    return fs::is_regular_file(folder / "cert9.db", missing);
}

std::vector<Store> profiles_in(fs::path const& folder, std::string_view owner) {
    std::vector<Store> stores;
    std::error_code missing;
    for (fs::directory_iterator entry(folder, missing), end; !missing && entry != end;
         entry.increment(missing))
        if (has_database(entry->path()))
            stores.push_back({Store::Kind::nss, std::string(owner), entry->path().string()});
    std::ranges::sort(stores, {}, &Store::folder);
    return stores;
}

} // namespace

std::vector<Store> nss_stores(fs::path const& home) {
    std::vector<Store> stores;
    for (auto const& place : places) {
        auto const folder = home / place.folder;
        if (place.form == Form::folder_of_profiles)
            for (auto& profile : profiles_in(folder, place.owner))
                stores.push_back(std::move(profile));
        else if (place.form == Form::database_even_if_missing || has_database(folder))
            stores.push_back({Store::Kind::nss, std::string(place.owner), folder.string()});
    }
    return stores;
}

bool exists(Store const& nss_store) {
    return has_database(nss_store.folder);
}

} // namespace alert40::app::trust
