#include "app/trust/nss_stores.hpp"
#include "app/trust/system_store.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

#include <fstream>

using namespace alert40::app::trust;
using alert40::tests::ScratchFolder;
namespace fs = std::filesystem;

namespace {

void make_database(fs::path const& folder) {
    fs::create_directories(folder);
    std::ofstream(folder / "cert9.db") << "";
}

std::vector<std::string> texts(std::vector<Store> const& stores, fs::path const& home) {
    std::vector<std::string> all;
    for (auto const& store : stores)
        all.push_back(store.owner + ": " + fs::path(store.folder).lexically_relative(home).string());
    return all;
}

} // namespace

TEST_CASE("an empty home still has Chromium's place") {
    ScratchFolder const home;
    auto const stores = nss_stores(home.path());
    CHECK(texts(stores, home.path()) == std::vector<std::string>{"Chromium: .pki/nssdb"});
    CHECK_FALSE(exists(stores.front()));
}

TEST_CASE("profiles are found where they have a database, of snap and flatpak too") {
    ScratchFolder const home;
    make_database(home.path() / ".pki/nssdb");
    make_database(home.path() / ".mozilla/firefox/b.default-release");
    make_database(home.path() / ".mozilla/firefox/a.default");
    fs::create_directories(home.path() / ".mozilla/firefox/Crash Reports");
    make_database(home.path() / "snap/firefox/common/.mozilla/firefox/c.default");
    make_database(home.path() / ".var/app/org.mozilla.firefox/.mozilla/firefox/d.default");
    auto const stores = nss_stores(home.path());
    CHECK(texts(stores, home.path()) ==
          std::vector<std::string>{
              "Chromium: .pki/nssdb", "Firefox: .mozilla/firefox/a.default",
              "Firefox: .mozilla/firefox/b.default-release",
              "Firefox (snap): snap/firefox/common/.mozilla/firefox/c.default",
              "Firefox (flatpak): .var/app/org.mozilla.firefox/.mozilla/firefox/d.default"});
    CHECK(exists(stores.front()));
}

TEST_CASE("a bundle holds a certificate however its lines are broken") {
    ScratchFolder const scratch;
    auto const bundle = (scratch.path() / "bundle.pem").string();
    std::ofstream(bundle) << "-----BEGIN CERTIFICATE-----\nAAAA\nBBBB\n-----END CERTIFICATE-----\n"
                             "-----BEGIN CERTIFICATE-----\nCCCCDDDD\n-----END CERTIFICATE-----\n";
    CHECK(bundle_holds(bundle, "-----BEGIN CERTIFICATE-----\nCCCC\nDDDD\n-----END CERTIFICATE-----\n"));
    CHECK_FALSE(bundle_holds(bundle, "-----BEGIN CERTIFICATE-----\nEEEE\n-----END CERTIFICATE-----\n"));
    CHECK_FALSE(bundle_holds(bundle, ""));
    CHECK_FALSE(bundle_holds("/nowhere", "CCCC"));
}

TEST_CASE("names of an anchor") {
    CHECK(nickname("AB:CD:EF:01:23:45:67:89:AA:BB") == "alert40 abcdef0123456789");
    CHECK(debian_file({Store::Kind::debian, "", "/x"}, "AB:CD") == "/x/alert40-abcd.crt");
}
