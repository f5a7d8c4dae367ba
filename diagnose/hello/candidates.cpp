#include "diagnose/hello/candidates.hpp"

#include "diagnose/hello/bundled_hellos.hpp"
#include "diagnose/hello/comparison.hpp"
#include "diagnose/hello/fresh.hpp"
#include "diagnose/hello/plain_hello.hpp"
#include "tls/wire/iana.hpp"

#include <algorithm>

namespace alert40::diagnose {
namespace {

using tls::wire::ExtensionType;
using tls::wire::iana::is_grease;

/// What a bare hello keeps.
constexpr std::uint16_t needed[] = {0, 10, 11, 13, 23, 43, 45, 51, 0xff01};
static_assert(std::ranges::is_sorted(needed));

bool is_optional(std::uint16_t group) {
    return is_grease(group) || group >= first_post_quantum_group;
}

Hello plain(PlainHello question, std::string_view host) {
    question.server_name = host;
    return built(question);
}

} // namespace

Hello bare(Hello hello) {
    std::erase_if(hello.cipher_suites, is_grease);
    std::erase_if(hello.extensions,
                  [](auto const& one) { return !std::ranges::binary_search(needed, one.type); });
    for (auto const& kind : list_extensions()) {
        auto* const extension = find(hello, kind.type);
        auto list = extension ? kind.read(hello) : std::nullopt;
        if (!list) continue;
        bool const groups = kind.place == Place::supported_groups || kind.place == Place::key_shares;
        auto kept = *list;
        std::erase_if(
            kept, [&](Element const& one) { return groups ? is_optional(one.code) : is_grease(one.code); });
        extension->data = kind.write(kept.empty() ? *list : kept);
    }
    return hello;
}

std::vector<Candidate> candidates_for(Hello const& failing, std::string_view host) {
    PlainHello tls12{.versions = {0x0303}};
    PlainHello old{.versions = {0x0303},
                   .cipher_suites = PlainHello::all_suites(),
                   .signature_algorithms = PlainHello::all_signature_algorithms()};
    auto oldest = old;
    oldest.versions = {0x0301};
    std::vector<Candidate> all{
        {"the same without what is optional", bare(failing)},
        {"plain, TLS 1.3 and 1.2", plain({}, host)},
        {"plain, TLS 1.2", plain(tls12, host)},
        {"plain, TLS 1.2 with old cipher suites", plain(old, host)},
        {"plain, TLS 1.0 with old cipher suites", plain(oldest, host)},
    };
    if (!host.empty()) all.push_back({"plain, without a server name", plain({}, {})});
    for (auto const& one : bundled_hellos())
        all.push_back({std::string(one.name), addressed_to(one.hello, host)});
    PlainHello everything{.versions = {0x0304, 0x0303, 0x0302, 0x0301},
                          .cipher_suites = PlainHello::every_suite(),
                          .groups = PlainHello::every_group(),
                          .signature_algorithms = PlainHello::all_signature_algorithms()};
    all.push_back({"plain, all that there is", plain(everything, host)});
    std::erase_if(all, [&](Candidate const& one) { return one.hello == failing; });
    return all;
}

} // namespace alert40::diagnose
