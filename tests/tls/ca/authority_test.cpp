#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "tls/ca/authority.hpp"

using namespace alert40;
using tls::ca::Authority;

TEST_CASE("an authority is made once, and read again") {
    tests::ScratchFolder const folder;
    tls::ca::Files const files{folder.path() / "deep" / "er" / "ca.pem",
                               folder.path() / "deep" / "er" / "ca.key"};
    auto const made = Authority::load_or_create(files);
    REQUIRE(made);
    auto const again = Authority::load_or_create(files);
    REQUIRE(again);
    CHECK((*made)->facts().sha256 == (*again)->facts().sha256);
    CHECK((*made)->certificate_pem() == (*again)->certificate_pem());
    CHECK((*made)->facts().subject.starts_with("CN=alert40 local authority ("));
}
