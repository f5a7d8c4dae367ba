#include "app/pointing_here.hpp"

#include "app/exit.hpp"
#include "app/folders.hpp"
#include "app/local_authority.hpp"
#include "app/pointing/bundle.hpp"
#include "app/pointing/java_store.hpp"
#include "app/trust/system_store.hpp"

#include <cstdlib>
#include <iostream>

namespace alert40::app {

namespace fs = std::filesystem;
using pointing::Certificates;
using pointing::ProxyAddress;

namespace {

std::string variable(char const* name) {
    auto const* const value = std::getenv(name);
    return value ? value : "";
}

/// What apps trust without us: the file that the user chose, unless it is the bundle made here before.
fs::path authorities_without_ours(fs::path const& bundle) {
    fs::path const chosen = variable("SSL_CERT_FILE");
    std::error_code missing;
    if (!chosen.empty() && chosen != bundle && fs::is_regular_file(chosen, missing)) return chosen;
    return trust::system_bundle();
}

void succeed(std::optional<std::string> const& error) {
    if (error) throw CommandError(*error);
}

std::string java_store(fs::path const& certificate) {
    auto const base = pointing::java_authorities();
    if (base.empty()) return {};
    auto const store = data_folder() / "java-cacerts";
    if (auto const error = pointing::refresh_java_store(base, certificate, store)) {
        std::cerr << "no store for Java: " << *error << '\n';
        return {};
    }
    return store;
}

} // namespace

std::optional<Certificates> certificates_for(ProxyHere const& proxy, bool java) {
    auto const& files = proxy.authority;
    auto const authority = proxy.intercepts ? ensure_authority(files) : find_authority(files);
    if (!authority) return std::nullopt;
    ensure_data_folder();
    auto const certificate = fs::absolute(files.cert);
    auto const bundle = data_folder() / "bundle.pem";
    succeed(pointing::refresh_bundle(authorities_without_ours(bundle), authority->certificate_pem(), bundle));
    return Certificates{certificate, bundle, java ? java_store(certificate) : ""};
}

pointing::Situation situation_with(ProxyAddress proxy, std::optional<Certificates> certificates) {
    auto no_proxy = variable("NO_PROXY");
    if (no_proxy.empty()) no_proxy = variable("no_proxy");
    return {std::move(proxy), std::move(certificates), std::move(no_proxy), variable("JAVA_TOOL_OPTIONS")};
}

} // namespace alert40::app
