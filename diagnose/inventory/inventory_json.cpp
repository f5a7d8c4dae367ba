#include "diagnose/inventory/remarks.hpp"
#include "diagnose/inventory/report.hpp"
#include "record/printable.hpp"
#include "tls/wire/iana.hpp"

#include <boost/json.hpp>

namespace alert40::diagnose {
namespace {

namespace iana = tls::wire::iana;
namespace json = boost::json;

json::string text(std::string_view value) {
    return json::string(record::valid_utf8(value));
}

json::array list(std::vector<std::string> const& texts) {
    json::array out;
    for (auto const& one : texts)
        out.push_back(text(one));
    return out;
}

json::array names(Accepted const& accepted, iana::Registry registry) {
    json::array out;
    for (auto const code : accepted.codes)
        out.push_back(text(iana::spelled(registry, code)));
    return out;
}

json::object version_json(SpokenVersion const& spoken) {
    json::object out{{"version", text(version_text(spoken.version))}};
    auto const add = [&](char const* key, Accepted const& accepted, iana::Registry registry) {
        if (accepted.codes.empty()) return;
        out[key] = names(accepted, registry);
        out[std::string(key) + "_decides"] = text(name_of(accepted.decides));
    };
    add("cipher_suites", spoken.cipher_suites, iana::cipher_suites());
    add("groups", spoken.groups, iana::named_groups());
    add("signature_algorithms", spoken.signature_algorithms, iana::signature_schemes());
    return out;
}

json::object chain_json(Chain const& chain) {
    json::array certificates;
    for (auto const& one : chain.certificates)
        certificates.push_back(json::object{{"subject", text(one.subject)},
                                            {"issuer", text(one.issuer)},
                                            {"names", list(one.names)},
                                            {"not_before", text(one.not_before)},
                                            {"not_after", text(one.not_after)},
                                            {"key", text(one.key)},
                                            {"signature", text(one.signature)}});
    return {{"certificates", std::move(certificates)}, {"flaws", list(chain.flaws)}};
}

struct Feature {
    char const* key;
    std::optional<bool> Inventory::*known;
};

constexpr Feature features[] = {
    {"secure_renegotiation", &Inventory::secure_renegotiation},
    {"extended_master_secret", &Inventory::extended_master_secret},
    {"fallback_scsv", &Inventory::fallback_scsv},
    {"downgrade_marked", &Inventory::downgrade_marked},
    {"compression", &Inventory::compression},
    {"ocsp_stapled", &Inventory::stapled},
    {"tickets", &Inventory::tickets},
    {"resumes_session_id", &Inventory::resumes_session_id},
    {"resumes_ticket", &Inventory::resumes_ticket},
    {"resumes_psk", &Inventory::resumes_psk},
};

json::array remarks_json(Inventory const& inventory) {
    json::array out;
    for (auto const& remark : remarks_of(inventory))
        out.push_back(
            json::object{{"kind", text(name_of(remark.kind))}, {"sentence", text(remark.sentence)}});
    return out;
}

} // namespace

std::string inventory_json(Inventory const& inventory) {
    json::array versions, chains;
    for (auto const& spoken : inventory.versions)
        versions.push_back(version_json(spoken));
    for (auto const& chain : inventory.chains)
        chains.push_back(chain_json(chain));
    json::object out{{"remarks", remarks_json(inventory)},
                     {"versions", std::move(versions)},
                     {"wavers", inventory.wavers},
                     {"alpn", list(inventory.alpn)},
                     {"alpn_decides", text(name_of(inventory.alpn_decides))},
                     {"unknown_protocol", text(name_of(inventory.unknown_protocol))}};
    for (auto const& [key, known] : features)
        if (inventory.*known) out[key] = *(inventory.*known);
    if (!inventory.refusal.empty()) out["refusal"] = text(inventory.refusal);
    if (inventory.dh_bits) out["dh_bits"] = *inventory.dh_bits;
    out["certificate_requested"] = inventory.certificate_requested;
    out["chains"] = std::move(chains);
    if (!inventory.not_trusted.empty()) out["not_trusted"] = text(inventory.not_trusted);
    out["unavailable"] = list(inventory.unavailable);
    out["handshakes"] = inventory.handshakes;
    if (!inventory.stopped.empty()) out["stopped"] = text(inventory.stopped);
    return json::serialize(out);
}

} // namespace alert40::diagnose
