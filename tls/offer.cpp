#include "tls/offer.hpp"

namespace alert40::tls {
namespace {

template <class Value>
void lay(std::optional<Value> const& value, Value& over) {
    if (value) over = *value;
}

} // namespace

Profile with_offer(Profile profile, Offer const& offer) {
    if (offer.versions) {
        profile.min_version = offer.versions->first;
        profile.max_version = offer.versions->second;
    }
    lay(offer.ciphers, profile.ciphers);
    lay(offer.cipher_suites, profile.cipher_suites);
    lay(offer.groups, profile.groups);
    lay(offer.signature_algorithms, profile.signature_algorithms);
    lay(offer.alpn, profile.alpn);
    bool const old = profile.min_version < ProtocolVersion::tls1_2;
    if (old && !offer.ciphers)
        profile.ciphers = built_in_profile("legacy")->ciphers; // modern has none for it
    if (old || offer.ciphers || offer.signature_algorithms) profile.security_level = 0;
    return profile;
}

} // namespace alert40::tls
