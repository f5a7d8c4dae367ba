#include "app/trust/system_store.hpp"

#include "app/shell/program.hpp"

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace alert40::app::trust {

namespace {

struct Tool {
    std::string_view program;
    Store::Kind kind;
    std::string_view folder;
};

constexpr Tool tools[] = {{"update-ca-certificates", Store::Kind::debian, "/usr/local/share/ca-certificates"},
                          {"trust", Store::Kind::p11_kit, ""}};

constexpr std::string_view bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                // Debian, Arch, Alpine
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem", // openSUSE
    "/etc/ssl/cert.pem",
};

constexpr std::uintmax_t largest_bundle = 16 * 1024 * 1024; // bytes; they are about 250 kB

std::string read(std::filesystem::path const& file) {
    std::error_code missing;
    auto const size = std::filesystem::file_size(file, missing);
    if (missing || size > largest_bundle) return {};
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string without_space(std::string_view text) {
    std::string out;
    for (char const c : text)
        if (!std::isspace(static_cast<unsigned char>(c))) out += c;
    return out;
}

} // namespace

std::optional<Store> system_store() {
    for (auto const& tool : tools)
        if (!shell::find_program(tool.program).empty())
            return Store{tool.kind, "the system", std::string(tool.folder)};
    return std::nullopt;
}

std::string debian_file(Store const& store, std::string_view sha256) {
    return store.folder + "/alert40-" + short_fingerprint(sha256) + ".crt";
}

std::string system_bundle() {
    std::error_code missing;
    for (auto const bundle : bundles)
        if (std::filesystem::is_regular_file(bundle, missing)) return std::string(bundle);
    return {};
}

bool bundle_holds(std::string const& bundle_file, std::string_view pem) {
    auto const wanted = without_space(pem);
    return !wanted.empty() && without_space(read(bundle_file)).find(wanted) != std::string::npos;
}

} // namespace alert40::app::trust
