#include "proxy/intercept/interceptor.hpp"

#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

#include <filesystem>

using namespace alert40;
using namespace std::chrono_literals;
using proxy::Interceptor;

namespace {

struct Scene {
    tls::ca::Files files(std::string const& name) const {
        return {(folder.path() / (name + ".pem")).string(), (folder.path() / (name + ".key")).string()};
    }

    static bool made(tls::ca::Files const& files) {
        return std::filesystem::exists(files.cert) && std::filesystem::exists(files.key);
    }

    tests::ScratchFolder folder;
};

} // namespace

TEST_CASE("the authority is made on first need, and the same one from then on") {
    Scene const scene;
    auto const files = scene.files("ca");
    Interceptor interceptor(files);
    CHECK(interceptor.context());
    CHECK_FALSE(Scene::made(files));
    auto const leaf = interceptor.leaf_for("origin.test");
    REQUIRE(leaf);
    CHECK(Scene::made(files));
    CHECK(*interceptor.leaf_for("origin.test") == *leaf);
    CHECK(*interceptor.leaf_for("192.0.2.7") != *leaf);

    interceptor.use(files); // a reload that changes nothing
    CHECK(*interceptor.leaf_for("origin.test") == *leaf);
}

TEST_CASE("other files are another authority, once it is needed") {
    Scene const scene;
    Interceptor interceptor(scene.files("one"));
    auto const first = *interceptor.leaf_for("origin.test");
    interceptor.use(scene.files("two"));
    CHECK_FALSE(Scene::made(scene.files("two")));
    CHECK(*interceptor.leaf_for("origin.test") != first);
    CHECK(Scene::made(scene.files("two")));
}

TEST_CASE("why there is no leaf is one line") {
    Scene const scene;
    SECTION("no place for an authority") {
        Interceptor interceptor{tls::ca::Files{}};
        auto const leaf = interceptor.leaf_for("origin.test");
        REQUIRE(leaf.has_error());
        CHECK(leaf.error() == "there is no place for an authority: set [authority], or HOME");
    }
    SECTION("a file that is none; what is mended is found") {
        auto const files = scene.files("ca");
        scene.folder.write("ca.pem", "not a certificate");
        Interceptor interceptor(files);
        auto const leaf = interceptor.leaf_for("origin.test");
        REQUIRE(leaf.has_error());
        CHECK(leaf.error().find("ca.") != std::string::npos);
        CHECK(leaf.error().find('\n') == std::string::npos);
        std::filesystem::remove(files.cert);
        CHECK(interceptor.leaf_for("origin.test"));
    }
    SECTION("a name that cannot be one") {
        Interceptor interceptor(scene.files("ca"));
        CHECK(interceptor.leaf_for("").has_error());
    }
}

TEST_CASE("distrust is for a time, and for one host") {
    Interceptor interceptor{tls::ca::Files{}};
    CHECK_FALSE(interceptor.distrusted("pinned.test"));
    interceptor.distrust("pinned.test", 1h);
    CHECK(interceptor.distrusted("pinned.test"));
    CHECK_FALSE(interceptor.distrusted("other.test"));
    interceptor.distrust("pinned.test", 0ms); // and that is over at once
    CHECK_FALSE(interceptor.distrusted("pinned.test"));
}

TEST_CASE("distrust is bounded: what ends first makes room") {
    Interceptor interceptor{tls::ca::Files{}};
    interceptor.distrust("soonest.test", 1h);
    for (int i = 0; i < 1023; ++i)
        interceptor.distrust(std::to_string(i) + ".test", 2h);
    CHECK(interceptor.distrusted("soonest.test"));
    SECTION("a new host") {
        interceptor.distrust("new.test", 2h);
        CHECK_FALSE(interceptor.distrusted("soonest.test"));
        CHECK(interceptor.distrusted("new.test"));
    }
    SECTION("a known one needs none") {
        interceptor.distrust("7.test", 3h);
        CHECK(interceptor.distrusted("soonest.test"));
    }
    CHECK(interceptor.distrusted("0.test"));
    CHECK(interceptor.distrusted("1022.test"));
}
