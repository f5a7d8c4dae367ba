#include "diagnose/inventory/remarks.hpp"

#include "text/joined.hpp"
#include "tls/wire/iana.hpp"

#include <algorithm>
#include <array>

namespace alert40::diagnose {
namespace {

namespace iana = tls::wire::iana;
using Kind = Remark::Kind;

constexpr std::size_t most_named = 3;

/// A part of a suite's name, and what is to be said of it. The first row that fits a suite counts.
struct WeakSuite {
    std::string_view part;
    std::string_view phrase;
};

constexpr WeakSuite weak_suites[] = {
    {"_anon_", "nobody is authenticated"},
    {"_NULL_", "nothing is encrypted"},
    {"EXPORT", "export ciphers, broken in minutes"},
    {"RC4", "RC4, which RFC 7465 forbids"},
    {"RC2", "RC2"},
    {"3DES", "3DES (64-bit blocks: SWEET32)"},
    {"_DES_", "single DES"},
    {"IDEA", "IDEA (64-bit blocks)"},
    {"TLS_RSA_", "no forward secrecy (static RSA)"},
    {"TLS_DH_", "no forward secrecy (static DH)"},
    {"TLS_ECDH_", "no forward secrecy (static ECDH)"},
    {"_CBC_", "CBC"},
};

/// The row of `weak_suites`; past the end: none.
std::size_t row_of(std::string_view suite) {
    auto const* const row = std::ranges::find_if(
        weak_suites, [&](WeakSuite const& one) { return suite.find(one.part) != suite.npos; });
    return static_cast<std::size_t>(row - weak_suites);
}

std::vector<std::string_view> suites_of(Inventory const& inventory) {
    std::vector<std::string_view> names;
    for (auto const& spoken : inventory.versions)
        for (auto const code : spoken.cipher_suites.codes)
            if (auto const name = iana::name_of(iana::cipher_suites(), code);
                std::ranges::find(names, name) == names.end())
                names.push_back(name);
    return names;
}

std::string some_of(std::vector<std::string_view> names) {
    auto const more = names.size() > most_named ? names.size() - most_named : 0;
    names.resize(names.size() - more);
    return text::joined(names) + (more ? " and " + std::to_string(more) + " more" : "");
}

void look_at_suites(Inventory const& inventory, std::vector<Remark>& remarks) {
    std::array<std::vector<std::string_view>, std::size(weak_suites)> weak;
    for (auto const name : suites_of(inventory))
        if (auto const row = row_of(name); row < weak.size()) weak[row].push_back(name);
    for (std::size_t row = 0; row < weak.size(); ++row)
        if (!weak[row].empty())
            remarks.push_back({Kind::weak, std::string(weak_suites[row].phrase) + ": " + some_of(weak[row])});
}

bool speaks(Inventory const& inventory, std::uint16_t version) {
    return find_version(inventory, version) != nullptr;
}

bool takes_post_quantum(Inventory const& inventory) {
    auto const* const tls13 = find_version(inventory, 0x0304);
    return tls13 && std::ranges::any_of(tls13->groups.codes, [](auto group) { return group >= 0x0200; });
}

struct Row {
    Kind kind;
    bool (*applies)(Inventory const&);
    std::string_view sentence;
};

constexpr Row rows[] = {
    {Kind::weak, [](Inventory const& i) { return i.wavers; },
     "it refused and then took the same hello: a fault that comes and goes, and the lists may lack "
     "something"},
    {Kind::weak, [](Inventory const& i) { return speaks(i, 0x0300); }, "SSL 3.0, which RFC 7568 forbids"},
    {Kind::weak, [](Inventory const& i) { return speaks(i, 0x0301); }, "TLS 1.0, which RFC 8996 gives up"},
    {Kind::weak, [](Inventory const& i) { return speaks(i, 0x0302); }, "TLS 1.1, which RFC 8996 gives up"},
    {Kind::weak, [](Inventory const& i) { return i.compression == true; }, "it compresses (CRIME)"},
    {Kind::weak, [](Inventory const& i) { return i.secure_renegotiation == false; },
     "no secure renegotiation (RFC 5746): current clients, OpenSSL 3 among them, leave"},
    {Kind::weak, [](Inventory const& i) { return i.dh_bits && *i.dh_bits < 2048; },
     "a prime of DHE with less than 2048 bits"},
    {Kind::missing, [](Inventory const& i) { return !speaks(i, 0x0304); }, "TLS 1.3"},
    {Kind::missing, [](Inventory const& i) { return !speaks(i, 0x0304) && !speaks(i, 0x0303); }, "TLS 1.2"},
    {Kind::missing, [](Inventory const& i) { return i.fallback_scsv == false; },
     "TLS_FALLBACK_SCSV is passed over (RFC 7507)"},
    {Kind::missing, [](Inventory const& i) { return i.downgrade_marked == false; },
     "no mark against a downgrade in the random of TLS 1.2 (RFC 8446 section 4.1.3)"},
    {Kind::missing, [](Inventory const& i) { return i.extended_master_secret == false; },
     "extended_master_secret (RFC 7627)"},
    {Kind::missing,
     [](Inventory const& i) { return speaks(i, 0x0304) && i.stopped.empty() && !takes_post_quantum(i); },
     "a post-quantum group, such as X25519MLKEM768"},
    {Kind::missing,
     [](Inventory const& i) {
         return i.resumes_psk.value_or(false) == false && i.resumes_session_id.value_or(false) == false &&
                i.resumes_ticket.value_or(false) == false && (i.resumes_psk || i.resumes_session_id);
     },
     "resumption: each handshake is a full one"},
};

} // namespace

std::string_view name_of(Kind kind) {
    constexpr std::string_view names[] = {"weak", "missing", "unavailable"};
    return names[static_cast<std::size_t>(kind)];
}

std::vector<Remark> remarks_of(Inventory const& inventory) {
    std::vector<Remark> remarks;
    if (inventory.versions.empty()) return remarks;
    for (std::size_t i = 0; i < inventory.chains.size(); ++i)
        for (auto const& flaw : inventory.chains[i].flaws)
            remarks.push_back({Kind::weak, "certificate: " + flaw});
    if (!inventory.not_trusted.empty())
        remarks.push_back({Kind::weak, "not accepted on this machine: " + inventory.not_trusted});
    look_at_suites(inventory, remarks);
    for (auto const& row : rows)
        if (row.applies(inventory)) remarks.push_back({row.kind, std::string(row.sentence)});
    if (!inventory.unavailable.empty())
        remarks.push_back({Kind::unavailable, "the server takes it, this build of alert40 cannot: " +
                                                  text::joined(inventory.unavailable)});
    std::ranges::stable_sort(remarks, {}, &Remark::kind);
    return remarks;
}

} // namespace alert40::diagnose
