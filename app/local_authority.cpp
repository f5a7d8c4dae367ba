#include "app/local_authority.hpp"

#include "app/engine_capabilities.hpp"
#include "app/exit.hpp"
#include "app/folders.hpp"
#include "app/policy_source.hpp"

namespace alert40::app {

using tls::ca::Authority;

namespace {

std::shared_ptr<Authority const> value_of(Authority::Result<std::shared_ptr<Authority const>> result) {
    if (result.has_error()) throw CommandError(result.error());
    return std::move(*result);
}

} // namespace

tls::ca::Files own_authority_files() {
    auto const folder = data_folder();
    return {folder / "ca.pem", folder / "ca.key", false};
}

tls::ca::Files authority_files(policy::Policy const& policy) {
    if (policy.authority) return {policy.authority->cert, policy.authority->key, true};
    return own_authority_files();
}

policy::Policy policy_of(std::string const& config) {
    RunFlags flags;
    flags.config = config;
    EngineCapabilities const capabilities;
    auto loaded = PolicySource(flags, capabilities).load();
    if (loaded.has_error()) throw CommandError(loaded.error().front().text());
    return std::move(loaded->policy);
}

std::shared_ptr<Authority const> find_authority(tls::ca::Files const& files) {
    std::error_code ignored;
    bool const there =
        std::filesystem::exists(files.cert, ignored) || std::filesystem::exists(files.key, ignored);
    return there ? value_of(Authority::load(files)) : nullptr;
}

std::shared_ptr<Authority const> ensure_authority(tls::ca::Files const& files) {
    return value_of(Authority::load_or_create(files));
}

} // namespace alert40::app
