#include "app/pointing_here.hpp"

#include "app/exit.hpp"
#include "app/folders.hpp"
#include "app/local_authority.hpp"
#include "app/pointing/bundle.hpp"
#include "app/pointing/java_store.hpp"
#include "app/trust/system_store.hpp"
#include "tls/engine/digest.hpp"

#include <algorithm>
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

constexpr std::string_view bundle_prefix = "bundle-";
constexpr std::size_t most_bundles = 32; // of 250 kB each

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

/// What a variable named before we did, or the one that is read in its place.
fs::path chosen_file(pointing::TrustVariable const& wanted, pointing::Memory const& memory) {
    auto const all = pointing::trust_variables();
    for (auto name = wanted.name; !name.empty();) {
        fs::path file = memory.before(std::string(name));
        std::error_code missing;
        if (!file.empty() && fs::exists(file, missing)) return fs::absolute(file);
        auto const* const row = std::to_address(std::ranges::find(all, name, &pointing::TrustVariable::name));
        name = row->instead;
    }
    return {};
}

/// A file with the authorities of `base` and ours, named by what it is made from: no shell changes what
/// another one trusts. `base` itself where ours is in it; empty where it is no file that can be read.
std::string bundle_of(fs::path const& base, tls::ca::Authority const& authority) {
    auto const there = pointing::read_authorities(base);
    if (!there) return {};
    auto const& pem = authority.certificate_pem();
    if (there->find(pem) != std::string::npos) return base;
    auto const digest = tls::engine::sha256_hex(base.string() + '\n' + pem).substr(0, 16);
    auto const bundle = data_folder() / (std::string(bundle_prefix) + digest + ".pem");
    succeed(pointing::refresh_bundle(base, pem, bundle));
    pointing::remove_old_bundles(bundle, bundle_prefix, most_bundles);
    return bundle;
}

} // namespace

pointing::Memory memory() {
    return pointing::Memory([](std::string const& name) { return variable(name.c_str()); });
}

std::optional<Certificates> certificates_for(ProxyHere const& proxy, bool java) {
    auto const& files = proxy.authority;
    auto const authority = proxy.intercepts ? ensure_authority(files) : find_authority(files);
    if (!authority) return std::nullopt;
    ensure_data_folder();
    auto const certificate = fs::absolute(files.cert);
    Certificates certificates{
        certificate, bundle_of(trust::system_bundle(), *authority), java ? java_store(certificate) : "", {}};
    auto const before = memory();
    for (auto const& wanted : pointing::trust_variables())
        if (auto const chosen = chosen_file(wanted, before); !chosen.empty())
            certificates.own.emplace(wanted.name, bundle_of(chosen, *authority));
    return certificates;
}

pointing::Situation situation_with(ProxyAddress proxy, std::optional<Certificates> certificates) {
    auto const before = memory();
    auto no_proxy = before.before("NO_PROXY");
    if (no_proxy.empty()) no_proxy = before.before("no_proxy");
    return {std::move(proxy), std::move(certificates), std::move(no_proxy),
            before.before("JAVA_TOOL_OPTIONS")};
}

} // namespace alert40::app
