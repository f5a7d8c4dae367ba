#include "app/pointing/bundle.hpp"

#include <fstream>
#include <iterator>

namespace alert40::app::pointing {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t largest = 16 * 1024 * 1024; // bytes; a system's bundle has about 250 kB

/// Nothing: it cannot be read, or is too large.
std::optional<std::string> read(fs::path const& file) {
    std::error_code missing;
    auto const size = fs::file_size(file, missing);
    if (missing || size > largest) return std::nullopt;
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>(in), {}};
}

} // namespace

std::optional<std::string> refresh_bundle(fs::path const& base, std::string_view pem,
                                          fs::path const& bundle) {
    auto wanted = read(base);
    if (!wanted) return "cannot read the system's authorities from " + base.string();
    if (!wanted->empty() && !wanted->ends_with('\n')) *wanted += '\n';
    *wanted += pem;
    if (read(bundle) == wanted) return std::nullopt;
    auto next = bundle;
    next += ".new";
    std::error_code error;
    if (!(std::ofstream(next, std::ios::binary) << *wanted << std::flush))
        return "cannot write " + next.string();
    fs::rename(next, bundle, error);
    return error ? std::optional("cannot write " + bundle.string() + ": " + error.message()) : std::nullopt;
}

} // namespace alert40::app::pointing
