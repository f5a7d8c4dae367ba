#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "tls/ca/authority.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

using namespace alert40;
using tls::ca::Authority;
using tls::ca::Files;

namespace {

struct Place {
    tests::ScratchFolder folder;
    Files files{folder.path() / "data" / "alert40" / "ca.pem", folder.path() / "data" / "alert40" / "ca.key"};
};

mode_t mode_of(std::filesystem::path const& path) {
    struct stat facts {};

    REQUIRE(::stat(path.c_str(), &facts) == 0);
    return facts.st_mode & 07777;
}

std::string text_of(std::string const& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

void put(std::string const& path, std::string const& text) {
    std::ofstream(path) << text;
}

/// Why the files are refused: one line that names one of them.
std::string refusal(Files const& files, std::string const& named) {
    auto const loaded = Authority::load(files);
    REQUIRE(loaded.has_error());
    CHECK(loaded.error().find("\"" + named + "\"") != std::string::npos);
    CHECK(loaded.error().find('\n') == std::string::npos);
    return loaded.error();
}

bool says(std::string const& text, std::string_view words) {
    CAPTURE(text);
    return text.find(words) != std::string::npos;
}

} // namespace

TEST_CASE("an authority is made on first need, for its owner alone, and read again") {
    auto const old_mask = ::umask(0); // the modes are ours, not the mask's
    Place const place;
    auto const made = Authority::load_or_create(place.files);
    ::umask(old_mask);
    REQUIRE(made);
    CHECK(mode_of(place.files.key) == 0600);
    CHECK(mode_of(place.files.cert) == 0644);
    CHECK(mode_of(place.folder.path() / "data" / "alert40") == 0700);
    CHECK(mode_of(place.folder.path() / "data") == 0700);

    auto const again = Authority::load_or_create(place.files);
    REQUIRE(again);
    auto const facts = (*made)->facts();
    CHECK((*again)->facts().sha256 == facts.sha256);
    CHECK((*again)->certificate_pem() == text_of(place.files.cert));
    CHECK(facts.subject.starts_with("CN=alert40 local authority ("));
    CHECK(facts.sha256.size() == 32 * 3 - 1);
    CHECK(facts.not_before < facts.not_after);
    CHECK(std::stoi(facts.not_after) - std::stoi(facts.not_before) == 10);
    CHECK(facts.permitted.empty());
}

TEST_CASE("nothing is overwritten") {
    Place const place;
    REQUIRE(Authority::create(place.files));
    auto const key = text_of(place.files.key);
    SECTION("an authority") {}
    SECTION("a key alone") {
        std::filesystem::remove(place.files.cert);
    }
    SECTION("a certificate alone") {
        std::filesystem::remove(place.files.key);
    }
    auto const again = Authority::create(place.files);
    REQUIRE(again.has_error());
    CHECK(says(again.error(), "it is there already"));
    CHECK((!std::filesystem::exists(place.files.key) || text_of(place.files.key) == key));
}

TEST_CASE("a key that others may read is refused") {
    Place const place;
    REQUIRE(Authority::create(place.files));
    auto const mode = GENERATE(0640, 0604, 0660, 0610);
    REQUIRE(::chmod(place.files.key.c_str(), static_cast<mode_t>(mode)) == 0);
    CHECK(says(refusal(place.files, place.files.key), "chmod 600"));
    REQUIRE(::chmod(place.files.key.c_str(), 0400) == 0);
    CHECK(Authority::load(place.files));
}

TEST_CASE("a key that the user names may be read by others; one of ours may not") {
    Place const place;
    REQUIRE(Authority::create(place.files));
    std::filesystem::permissions(place.files.key, std::filesystem::perms{0644});
    auto named = place.files;
    named.named_by_user = true;
    CHECK(Authority::load(named));
    CHECK(Authority::load(place.files).has_error());
}

TEST_CASE("files that are damaged or do not fit are refused by name") {
    Place const place;
    auto const& cert = place.files.cert;
    auto const& key = place.files.key;
    REQUIRE(Authority::create(place.files));
    auto const cert_text = text_of(cert), key_text = text_of(key);

    SECTION("no certificate file") {
        std::filesystem::remove(cert);
        CHECK(says(refusal(place.files, cert), "No such file"));
        CHECK(Authority::load_or_create(place.files).has_error()); // never a new one over half an old one
    }
    SECTION("no key file") {
        std::filesystem::remove(key);
        CHECK(says(refusal(place.files, key), "No such file"));
        CHECK(Authority::load_or_create(place.files).has_error());
    }
    SECTION("half a certificate") {
        put(cert, cert_text.substr(0, cert_text.size() / 2));
        CHECK(says(refusal(place.files, cert), "no certificate in it"));
    }
    SECTION("half a key") {
        put(key, key_text.substr(0, key_text.size() / 2));
        CHECK(says(refusal(place.files, key), "no private key"));
    }
    SECTION("empty files") {
        put(cert, "");
        CHECK(says(refusal(place.files, cert), "no certificate in it"));
        put(cert, cert_text);
        put(key, "");
        CHECK(says(refusal(place.files, key), "no private key"));
    }
    SECTION("the key of another") {
        Place const other;
        REQUIRE(Authority::create(other.files));
        put(key, text_of(other.files.key));
        CHECK(says(refusal(place.files, key), "not the key of"));
    }
    SECTION("something that is no PEM file at all") {
        put(cert, std::string(100'000, 'x'));
        CHECK(says(refusal(place.files, cert), "too large"));
        std::filesystem::remove(cert);
        std::filesystem::create_directory(cert);
        CHECK(says(refusal(place.files, cert), "is no file"));
        std::filesystem::remove(cert);
        REQUIRE(::mkfifo(cert.c_str(), 0600) == 0);
        CHECK(says(refusal(place.files, cert), "is no file"));
    }
}

TEST_CASE("a folder that cannot be made is told") {
    tests::ScratchFolder const folder;
    auto const file = folder.write("file", "");
    auto const made = Authority::load_or_create({file + "/ca.pem", file + "/ca.key"});
    REQUIRE(made.has_error());
    CHECK(says(made.error(), file));
}

TEST_CASE("threads that make an authority at once end up with the same") {
    Place const place;
    std::vector<std::string> prints(8);
    std::vector<std::thread> threads;
    for (auto& print : prints)
        threads.emplace_back([&] {
            if (auto const made = Authority::load_or_create(place.files)) print = (*made)->facts().sha256;
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(std::set(prints.begin(), prints.end()).size() == 1);
    CHECK_FALSE(prints.front().empty());
}

TEST_CASE("processes that make an authority at once end up with the same") {
    Place const place;
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
        auto const child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            auto const made = Authority::load_or_create(place.files);
            auto const print = made ? (*made)->facts().sha256 : std::string(95, '?');
            ::_exit(::write(pipe[1], print.data(), print.size()) == 95 ? 0 : 1);
        }
        children.push_back(child);
    }
    for (auto const child : children) {
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
    ::close(pipe[1]);
    std::set<std::string> prints;
    std::string print(95, '\0');
    while (::read(pipe[0], print.data(), print.size()) == 95)
        prints.insert(print);
    ::close(pipe[0]);
    REQUIRE(prints.size() == 1);
    CHECK(*prints.begin() == (*Authority::load(place.files))->facts().sha256);
}

TEST_CASE("an authority is limited to what is permitted") {
    Place const place;
    auto const made =
        Authority::create(place.files, {"example.com", "10.1.0.0/16", "::1", "xn--bcher-kva.example"});
    REQUIRE(made);
    CHECK((*made)->facts().permitted ==
          std::vector<std::string>{"example.com", "10.1.0.0/16", "::1", "xn--bcher-kva.example"});
    auto const loaded = Authority::load(place.files);
    REQUIRE(loaded);
    for (auto const* good :
         {"example.com", "a.b.example.com", "10.1.2.3", "::1", "www.xn--bcher-kva.example"})
        CHECK((*loaded)->leaf_for(good));
    for (auto const* bad : {"example.org", "badexample.com", "com", "10.2.0.1", "::2"}) {
        CAPTURE(bad);
        auto const leaf = (*loaded)->leaf_for(bad);
        REQUIRE(leaf.has_error());
        CHECK(says(leaf.error(), "outside of what the authority is limited to"));
    }
}

TEST_CASE("a kind of name of which nothing is permitted is excluded") {
    Place const names, networks;
    auto const for_names = Authority::create(names.files, {"example.com"});
    REQUIRE(for_names);
    CHECK((*for_names)->leaf_for("example.com"));
    CHECK((*for_names)->leaf_for("10.0.0.1").has_error());
    CHECK((*for_names)->leaf_for("::1").has_error());
    auto const for_networks = Authority::create(networks.files, {"10.0.0.0/8"});
    REQUIRE(for_networks);
    CHECK((*for_networks)->leaf_for("10.0.0.1"));
    CHECK((*for_networks)->leaf_for("::1").has_error());
    CHECK((*for_networks)->leaf_for("example.com").has_error());
}

TEST_CASE("a limit that cannot be read is refused before anything is written") {
    auto const* const bad = GENERATE("", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/x", "a..b",
                                     "exa mple.com", "example.com/8",
                                     "b\xc3\xbc"
                                     "cher.example");
    Place const place;
    auto const made = Authority::create(place.files, {"example.com", bad});
    REQUIRE(made.has_error());
    CHECK_FALSE(std::filesystem::exists(place.files.key));
    CHECK_FALSE(std::filesystem::exists(place.files.cert));
}
