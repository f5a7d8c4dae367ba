#include "app/pointing/java_store.hpp"

#include "app/shell/command.hpp"
#include "app/shell/program.hpp"

#include <cstdlib>

namespace alert40::app::pointing {

namespace fs = std::filesystem;

namespace {

bool is_newer(fs::path const& file, fs::path const& than) {
    std::error_code missing, gone;
    auto const own = fs::last_write_time(file, missing);
    auto const other = fs::last_write_time(than, gone);
    return !missing && !gone && own > other;
}

} // namespace

fs::path java_authorities() {
    auto const below = fs::path("lib") / "security" / "cacerts";
    auto const* const home = std::getenv("JAVA_HOME");
    std::error_code missing;
    auto const java = fs::canonical(shell::find_program("java"), missing);
    for (auto const& file : {home ? home / below : fs::path(), java.parent_path().parent_path() / below,
                             fs::path("/etc/ssl/certs/java/cacerts")})
        if (fs::is_regular_file(file, missing)) return file;
    return {};
}

std::optional<std::string> refresh_java_store(fs::path const& base, fs::path const& authority,
                                              fs::path const& store) {
    if (is_newer(store, base) && is_newer(store, authority)) return std::nullopt;
    auto next = store;
    next += ".new";
    std::error_code error;
    fs::copy_file(base, next, fs::copy_options::overwrite_existing, error);
    if (error) return "cannot copy " + base.string() + " to " + next.string() + ": " + error.message();
    fs::permissions(next, fs::perms::owner_write, fs::perm_options::add, error);
    auto const outcome =
        shell::run({{"keytool", "-importcert", "-noprompt", "-trustcacerts", "-alias", "alert40", "-file",
                     authority, "-keystore", next, "-storepass", "changeit"}});
    if (!outcome.fine()) return "keytool: " + outcome.reason();
    fs::rename(next, store, error);
    return error ? std::optional("cannot write " + store.string() + ": " + error.message()) : std::nullopt;
}

} // namespace alert40::app::pointing
