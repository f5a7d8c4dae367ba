#include "tls/engine/trust_store.hpp"

#include "tls/engine/openssl_error.hpp"

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <vector>

namespace alert40::tls::engine {
namespace {

using Loaded = boost::system::result<StorePtr, std::string>;

std::string environment(char const* name) {
    auto const* const value = std::getenv(name);
    return value ? value : "";
}

/// What a store was made from. Equal sources mean equal stores.
struct Source {
    std::string file;
    std::string directory;
    std::filesystem::file_time_type changed;
    std::uintmax_t size = 0;
    bool is_system = false; ///< the same file may also be a user's `ca_file`
    OSSL_LIB_CTX* library = nullptr;

    bool operator==(Source const&) const = default;
};

Source source_of(std::string const& ca_file, OSSL_LIB_CTX* library) {
    Source source;
    source.is_system = ca_file.empty();
    source.library = library;
    source.file = ca_file.empty() ? environment(X509_get_default_cert_file_env()) : ca_file;
    if (ca_file.empty()) source.directory = environment(X509_get_default_cert_dir_env());
    std::error_code ignored; // a file that is not there is reported by the loading
    auto const& path = source.file.empty() ? std::string(X509_get_default_cert_file()) : source.file;
    source.changed = std::filesystem::last_write_time(path, ignored);
    source.size = std::filesystem::file_size(path, ignored);
    return source;
}

std::string cannot_read(std::string const& file) {
    return "cannot read certificates from \"" + file + "\": " + take_openssl_error();
}

Loaded load(std::string const& ca_file, OSSL_LIB_CTX* library) {
    StorePtr store(X509_STORE_new());
    if (!store) return take_openssl_error();
    if (!ca_file.empty()) {
        if (X509_STORE_load_file_ex(store.get(), ca_file.c_str(), library, nullptr) != 1)
            return cannot_read(ca_file);
        return store;
    }
    if (auto const file = environment(X509_get_default_cert_file_env()); !file.empty())
        if (X509_STORE_load_file_ex(store.get(), file.c_str(), library, nullptr) != 1)
            return cannot_read(file);
    if (X509_STORE_set_default_paths_ex(store.get(), library, nullptr) != 1) return take_openssl_error();
    return store;
}

StorePtr shared(X509_STORE* store) {
    X509_STORE_up_ref(store);
    return StorePtr(store);
}

/// The stores in use and the ones of the last few files, oldest first.
class KnownStores {
  public:
    Loaded get(std::string const& ca_file, OSSL_LIB_CTX* library) {
        std::lock_guard const lock(mutex_);
        auto const source = source_of(ca_file, library);
        for (auto const& known : known_)
            if (known.source == source) return shared(known.store.get());
        auto loaded = load(ca_file, library);
        if (!loaded) return loaded;
        if (known_.size() == max_known) known_.erase(known_.begin());
        known_.push_back({source, shared(loaded->get())});
        return loaded;
    }

  private:
    static constexpr std::size_t max_known = 8;

    struct Known {
        Source source;
        StorePtr store;
    };

    std::mutex mutex_;
    std::vector<Known> known_;
};

} // namespace

boost::system::result<StorePtr, std::string> trust_store(std::string const& ca_file, OSSL_LIB_CTX* library) {
    static KnownStores stores;
    return stores.get(ca_file, library);
}

} // namespace alert40::tls::engine
