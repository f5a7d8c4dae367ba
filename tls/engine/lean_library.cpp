#include "tls/engine/lean_library.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/provider.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <vector>

namespace alert40::tls::engine {
namespace {

/// Certificates bring public keys of these, in one format.
constexpr std::array<std::string_view, 5> certificate_keys = {"RSA", "RSA-PSS", "EC", "ED25519", "ED448"};

/// And handshakes exchange keys with these, or protect CBC records with the last.
constexpr std::array<std::string_view, 4> other_keys = {"X25519", "X448", "DH", "HMAC"};

/// "RSA:rsaEncryption:1.2.840.113549.1.1.1" is called by its first name.
std::string_view first_name(OSSL_ALGORITHM const& algorithm) {
    std::string_view const names = algorithm.algorithm_names;
    return names.substr(0, names.find(':'));
}

bool is_one_of(std::string_view name, auto const& names) {
    return std::ranges::find(names, name) != names.end();
}

bool is_needed_decoder(OSSL_ALGORITHM const& algorithm) {
    std::string_view const properties = algorithm.property_definition;
    return is_one_of(first_name(algorithm), certificate_keys) &&
           properties.find("input=der") != std::string_view::npos &&
           properties.find("structure=SubjectPublicKeyInfo") != std::string_view::npos;
}

bool is_needed_key(OSSL_ALGORITHM const& algorithm) {
    return is_one_of(first_name(algorithm), certificate_keys) || is_one_of(first_name(algorithm), other_keys);
}

/// The default provider in a context of its own, and the tables that are shown of it.
struct Filtered {
    OSSL_LIB_CTX* inner = nullptr;
    OSSL_PROVIDER* complete = nullptr;
    std::vector<OSSL_ALGORITHM> decoders; ///< closed by an empty row, as OpenSSL wants it
    std::vector<OSSL_ALGORITHM> keys;
};

/// Reached from the C functions below, which get the complete provider's context for theirs. Never freed:
/// OpenSSL clears up after itself at exit, in an order that nobody else knows.
Filtered* filtered = nullptr;

std::vector<OSSL_ALGORITHM> select(OSSL_PROVIDER* provider, int operation,
                                   bool (*is_needed)(OSSL_ALGORITHM const&)) {
    std::vector<OSSL_ALGORITHM> selected;
    int no_cache = 0;
    auto const* row = OSSL_PROVIDER_query_operation(provider, operation, &no_cache);
    for (; row && row->algorithm_names; ++row)
        if (is_needed(*row)) selected.push_back(*row);
    selected.push_back({});
    return selected;
}

OSSL_ALGORITHM const* query(void*, int operation, int* no_cache) {
    *no_cache = 0;
    switch (operation) {
    case OSSL_OP_DECODER: return filtered->decoders.data();
    case OSSL_OP_KEYMGMT: return filtered->keys.data();
    case OSSL_OP_ENCODER:
    case OSSL_OP_STORE: return nullptr;
    default: return OSSL_PROVIDER_query_operation(filtered->complete, operation, no_cache);
    }
}

OSSL_PARAM const* gettable_params(void*) {
    return OSSL_PROVIDER_gettable_params(filtered->complete);
}

int get_params(void*, OSSL_PARAM params[]) {
    return OSSL_PROVIDER_get_params(filtered->complete, params);
}

int get_capabilities(void*, char const* capability, OSSL_CALLBACK* callback, void* argument) {
    return OSSL_PROVIDER_get_capabilities(filtered->complete, capability, callback, argument);
}

template <class Function>
constexpr OSSL_DISPATCH entry(int id, Function* function) {
    return {id, reinterpret_cast<void (*)()>(function)};
}

int start(OSSL_CORE_HANDLE const*, OSSL_DISPATCH const*, OSSL_DISPATCH const** functions, void** context) {
    static OSSL_DISPATCH const table[] = {
        entry(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query),
        entry(OSSL_FUNC_PROVIDER_GETTABLE_PARAMS, gettable_params),
        entry(OSSL_FUNC_PROVIDER_GET_PARAMS, get_params),
        entry(OSSL_FUNC_PROVIDER_GET_CAPABILITIES, get_capabilities),
        {0, nullptr},
    };
    *functions = table;
    *context = OSSL_PROVIDER_get0_provider_ctx(filtered->complete); // its algorithms are called with this
    return 1;
}

/// openssl.cnf may bring in others (FIPS, a token): then theirs is the say.
bool only_default_provider() {
    auto const look = [](OSSL_PROVIDER* provider, void* others) {
        if (OSSL_PROVIDER_get0_name(provider) != std::string_view("default")) ++*static_cast<int*>(others);
        return 1;
    };
    int others = 0;
    return OSSL_PROVIDER_available(nullptr, "default") == 1 &&
           OSSL_PROVIDER_do_all(nullptr, look, &others) == 1 && others == 0;
}

OSSL_LIB_CTX* make() {
    if (OPENSSL_version_major() > 3 || OPENSSL_version_minor() >= 2 || !only_default_provider())
        return nullptr;
    filtered = new Filtered;
    filtered->inner = OSSL_LIB_CTX_new();
    filtered->complete = OSSL_PROVIDER_load(filtered->inner, "default");
    auto* const lean = OSSL_LIB_CTX_new();
    if (filtered->complete && lean) {
        filtered->decoders = select(filtered->complete, OSSL_OP_DECODER, is_needed_decoder);
        filtered->keys = select(filtered->complete, OSSL_OP_KEYMGMT, is_needed_key);
        if (OSSL_PROVIDER_add_builtin(lean, "alert40", start) == 1 && OSSL_PROVIDER_load(lean, "alert40"))
            return lean;
    }
    ERR_clear_error();
    return nullptr;
}

} // namespace

OSSL_LIB_CTX* lean_library() {
    static OSSL_LIB_CTX* const lean = make();
    return lean;
}

} // namespace alert40::tls::engine
