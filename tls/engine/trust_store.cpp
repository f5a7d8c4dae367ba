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

    bool operator==(Source const&) const = default;
};

Source source_of(std::string const& ca_file) {
    Source source;
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

Loaded load(std::string const& ca_file) {
    StorePtr store(X509_STORE_new());
    if (!store) return take_openssl_error();
    if (!ca_file.empty()) {
        if (X509_STORE_load_file(store.get(), ca_file.c_str()) != 1) return cannot_read(ca_file);
        return store;
    }
    if (auto const file = environment(X509_get_default_cert_file_env()); !file.empty())
        if (X509_STORE_load_file(store.get(), file.c_str()) != 1) return cannot_read(file);
    if (X509_STORE_set_default_paths(store.get()) != 1) return take_openssl_error();
    return store;
}

StorePtr shared(X509_STORE* store) {
    X509_STORE_up_ref(store);
    return StorePtr(store);
}

/// The stores in use and the ones of the last few files, oldest first.
class KnownStores {
  public:
    Loaded get(std::string const& ca_file) {
        std::lock_guard const lock(mutex_);
        auto const source = source_of(ca_file);
        for (auto const& known : known_)
            if (known.source == source && known.own_file == !ca_file.empty())
                return shared(known.store.get());
        auto loaded = load(ca_file);
        if (!loaded) return loaded;
        if (known_.size() == max_known) known_.erase(known_.begin());
        known_.push_back({source, !ca_file.empty(), shared(loaded->get())});
        return loaded;
    }

  private:
    static constexpr std::size_t max_known = 8;

    struct Known {
        Source source;
        bool own_file; ///< the same file may also be the system's
        StorePtr store;
    };

    std::mutex mutex_;
    std::vector<Known> known_;
};

} // namespace

boost::system::result<StorePtr, std::string> trust_store(std::string const& ca_file) {
    static KnownStores stores;
    return stores.get(ca_file);
}

} // namespace alert40::tls::engine
