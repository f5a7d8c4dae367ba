#include "tls/engine/certificate_check.hpp"

#include "text/joined.hpp"
#include "tls/engine/certificate_summary.hpp"

#include <openssl/x509v3.h>

#include <arpa/inet.h>

#include <algorithm>
#include <limits>

namespace alert40::tls::engine {
namespace {

constexpr unsigned host_flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;

bool is_for(X509* leaf, std::string const& name) {
    return is_address_literal(name)
               ? X509_check_ip_asc(leaf, name.c_str(), 0) == 1
               : X509_check_host(leaf, name.data(), name.size(), host_flags, nullptr) == 1;
}

/// The first end of validity in the verified chain.
std::time_t end_of_validity(STACK_OF(X509) const* verified) {
    auto end = std::numeric_limits<std::time_t>::max();
    for (int i = 0; i < sk_X509_num(verified); ++i)
        end = std::min(end, seconds_of(X509_get0_notAfter(sk_X509_value(verified, i))).value_or(0));
    return end;
}

std::string name_mismatch(X509* leaf, std::vector<std::string> const& names) {
    auto const present = names_in(leaf);
    return "the certificate is not for " +
           (names.empty() ? "a name: the target has none" : text::joined(names)) + "; " +
           (present.empty() ? "it has no subjectAltName" : "it is for " + text::joined(present));
}

} // namespace

bool is_address_literal(std::string const& name) {
    in6_addr address{};
    return inet_pton(AF_INET, name.c_str(), &address) == 1 ||
           inet_pton(AF_INET6, name.c_str(), &address) == 1;
}

bool check_certificates(X509_STORE_CTX* chain, std::vector<std::string> const& names, ChainMemory& memory,
                        std::optional<ChainId> const& id) {
    auto const now = std::time(nullptr);
    auto wanted = text::joined(names);
    if (id && memory.is_verified(*id, wanted, now)) {
        X509_STORE_CTX_set_error(chain, X509_V_OK);
        return true;
    }
    if (X509_verify_cert(chain) != 1) return false;
    auto* const leaf = X509_STORE_CTX_get0_cert(chain);
    if (!std::ranges::any_of(names, [&](auto const& name) { return is_for(leaf, name); })) {
        X509_STORE_CTX_set_error(chain, X509_V_ERR_HOSTNAME_MISMATCH);
        X509_STORE_CTX_set_error_depth(chain, 0);
        X509_STORE_CTX_set_current_cert(chain, leaf);
        return false;
    }
    if (id) {
        // With a time of its own the check does not depend on the clock.
        auto const fixed_time =
            X509_VERIFY_PARAM_get_flags(X509_STORE_CTX_get0_param(chain)) & X509_V_FLAG_USE_CHECK_TIME;
        auto const end = fixed_time ? std::numeric_limits<std::time_t>::max()
                                    : end_of_validity(X509_STORE_CTX_get0_chain(chain));
        memory.remember_verified(*id, std::move(wanted), now, end);
    }
    return true;
}

std::string refusal_text(X509_STORE_CTX* chain, std::vector<std::string> const& names) {
    auto const error = X509_STORE_CTX_get_error(chain);
    auto* const culprit = X509_STORE_CTX_get_current_cert(chain);
    if (error == X509_V_ERR_HOSTNAME_MISMATCH && culprit) return name_mismatch(culprit, names);
    std::string text = X509_verify_cert_error_string(error);
    if (!culprit) return text;
    auto const summary = summarize(culprit);
    text += ": " + summary.subject;
    if (error == X509_V_ERR_CERT_HAS_EXPIRED) text += ", on " + summary.not_after;
    if (error == X509_V_ERR_CERT_NOT_YET_VALID) text += ", before " + summary.not_before;
    if (error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
        error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE)
        text += ", issued by " + summary.issuer;
    return text;
}

} // namespace alert40::tls::engine
