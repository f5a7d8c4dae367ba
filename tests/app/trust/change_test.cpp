#include "app/trust/change.hpp"

#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

#include <fstream>

using namespace alert40::app::trust;
using alert40::app::shell::Command;
using alert40::tests::ScratchFolder;

namespace {

Anchor const anchor{"/data/ca.pem", "AB:CD:EF:01:23:45:67:89:AA:BB", "PEM"};
Store const debian{Store::Kind::debian, "the system", "/usr/local/share/ca-certificates"};
Store const p11_kit{Store::Kind::p11_kit, "the system", ""};

} // namespace

TEST_CASE("the system store of Debian is a file and a program that reads it") {
    CHECK(change_to_trust(debian, anchor).text() ==
          "the system (/usr/local/share/ca-certificates):\n"
          "  install -m 0644 /data/ca.pem /usr/local/share/ca-certificates/alert40-abcdef0123456789.crt\n"
          "  update-ca-certificates\n");
    CHECK(change_to_untrust(debian, anchor).text(true) ==
          "the system (/usr/local/share/ca-certificates):\n"
          "  sudo rm -f /usr/local/share/ca-certificates/alert40-abcdef0123456789.crt\n"
          "  sudo update-ca-certificates\n");
    CHECK(change_to_trust(debian, anchor).needs_root());
}

TEST_CASE("p11-kit does it by itself") {
    CHECK(change_to_trust(p11_kit, anchor).text() == "the system:\n  trust anchor --store /data/ca.pem\n");
    CHECK(change_to_untrust(p11_kit, anchor).text() == "the system:\n  trust anchor --remove /data/ca.pem\n");
}

TEST_CASE("an NSS database is made where it is missing") {
    ScratchFolder const scratch;
    auto const folder = (scratch.path() / "nssdb").string();
    Store const store{Store::Kind::nss, "Chromium", folder};
    auto const add =
        "  certutil -d sql:" + folder + " -A -n 'alert40 abcdef0123456789' -t C,, -i /data/ca.pem\n";
    CHECK(change_to_trust(store, anchor).text() == "Chromium (" + folder + "):\n  mkdir -p -m 700 " + folder +
                                                       "\n  certutil -d sql:" + folder +
                                                       " -N --empty-password\n" + add);
    std::filesystem::create_directory(folder);
    std::ofstream(folder + "/cert9.db") << "";
    CHECK(change_to_trust(store, anchor).text() == "Chromium (" + folder + "):\n" + add);
    CHECK(change_to_untrust(store, anchor).text() ==
          "Chromium (" + folder + "):\n  certutil -d sql:" + folder + " -D -n 'alert40 abcdef0123456789'\n");
    CHECK_FALSE(change_to_trust(store, anchor).needs_root());
}

TEST_CASE("the first command that fails ends a change, and is named") {
    ScratchFolder const scratch;
    auto const mark = (scratch.path() / "mark").string();
    Change const change{p11_kit,
                        {Command{{"sh", "-c", "echo no such luck; exit 1"}}, Command{{"touch", mark}}}};
    CHECK(apply(change) == "sh -c 'echo no such luck; exit 1': no such luck");
    CHECK_FALSE(std::filesystem::exists(mark));
    CHECK(apply({p11_kit, {Command{{"touch", mark}}}}) == std::nullopt);
    CHECK(std::filesystem::exists(mark));
}
