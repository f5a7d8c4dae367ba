#include "app/pointing/bundle.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

namespace alert40::app::pointing {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t largest = 16 * 1024 * 1024; // bytes; a system's bundle has about 250 kB

} // namespace

std::optional<std::string> read_authorities(fs::path const& file) {
    std::error_code missing;
    auto const size = fs::file_size(file, missing);
    if (missing || fs::is_directory(file, missing) || size > largest) return std::nullopt;
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>(in), {}};
}

std::optional<std::string> refresh_bundle(fs::path const& base, std::string_view pem,
                                          fs::path const& bundle) {
    auto wanted = read_authorities(base);
    if (!wanted) return "cannot read the system's authorities from " + base.string();
    if (!wanted->empty() && !wanted->ends_with('\n')) *wanted += '\n';
    *wanted += pem;
    if (read_authorities(bundle) == wanted) return std::nullopt;
    auto next = bundle;
    next += ".new" + std::to_string(::getpid());
    std::error_code error;
    if (!(std::ofstream(next, std::ios::binary) << *wanted << std::flush))
        return "cannot write " + next.string();
    fs::rename(next, bundle, error);
    return error ? std::optional("cannot write " + bundle.string() + ": " + error.message()) : std::nullopt;
}

void remove_old_bundles(fs::path const& now_used, std::string_view prefix, std::size_t kept) {
    std::error_code ignored;
    fs::last_write_time(now_used, fs::file_time_type::clock::now(), ignored);
    std::vector<std::pair<fs::file_time_type, fs::path>> bundles;
    for (auto const& entry : fs::directory_iterator(now_used.parent_path(), ignored))
        if (entry.path().filename().string().starts_with(prefix))
            bundles.emplace_back(entry.last_write_time(ignored), entry.path());
    std::ranges::sort(bundles, std::greater{});
    for (auto i = kept; i < bundles.size(); ++i)
        fs::remove(bundles[i].second, ignored);
}

} // namespace alert40::app::pointing
