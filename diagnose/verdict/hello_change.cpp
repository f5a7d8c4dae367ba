#include "diagnose/verdict/hello_change.hpp"

#include "diagnose/hello/fresh.hpp"
#include "diagnose/hello/plain_hello.hpp"
#include "policy/host_name.hpp"
#include "tls/wire/iana.hpp"

namespace alert40::diagnose {
namespace {

constexpr std::uint16_t private_suite = 0xff5a,
                        private_extension = 0xff5a; // of IANA's ranges for private use

Change saying(std::string name, std::string words, Hello hello) {
    return {.name = std::move(name),
            .words = std::move(words),
            .apply = [hello = std::move(hello)](Trial& t) { t.hello = hello; }};
}

std::string name_in(policy::Origin const& target) {
    return policy::to_ip_literal(target.host) ? std::string{} : target.host;
}

} // namespace

Change hello_change(BundledHello const& bundled, policy::Origin const& target) {
    auto hello = addressed_to(bundled.hello, name_in(target));
    auto words = "with the ClientHello of " + std::string(bundled.name) + " (" +
                 std::to_string(wire_size(hello)) + " bytes)";
    return saying("hello:" + std::string(bundled.name), std::move(words), std::move(hello));
}

Change every_group_change(policy::Origin const& target) {
    namespace iana = tls::wire::iana;
    PlainHello plain{.versions = {0x0303},
                     .server_name = name_in(target),
                     .groups = PlainHello::every_group(),
                     .signature_algorithms = PlainHello::all_signature_algorithms()};
    plain.cipher_suites.clear();
    for (auto const suite : PlainHello::all_suites())
        if (iana::name_of(iana::cipher_suites(), suite).starts_with("TLS_ECDHE_"))
            plain.cipher_suites.push_back(suite);
    return saying("every-group", "with a ClientHello that has ECDHE alone, and every group that there is",
                  built(plain));
}

Change with_a_suite_more(Trial const& trial) {
    auto hello = *trial.hello;
    hello.cipher_suites.push_back(private_suite);
    return saying("suite-more", "with the same ClientHello and a cipher suite more that nobody knows",
                  std::move(hello));
}

Change with_an_extension_more(Trial const& trial) {
    auto hello = *trial.hello;
    // Not as the last: that may be pre_shared_key.
    hello.extensions.insert(hello.extensions.begin(), Hello::Extension{private_extension, {}});
    return saying("extension-more", "with the same ClientHello and an extension more that nobody knows",
                  std::move(hello));
}

} // namespace alert40::diagnose
