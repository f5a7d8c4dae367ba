#include "diagnose/inventory/remarks.hpp"
#include "diagnose/inventory/report.hpp"
#include "record/printable.hpp"
#include "text/joined.hpp"
#include "text/wrapped.hpp"
#include "tls/version.hpp"
#include "tls/wire/iana.hpp"

#include <array>

namespace alert40::diagnose {
namespace {

namespace iana = tls::wire::iana;

/// "name       what is known", wrapped under itself.
class Page {
  public:
    explicit Page(std::size_t width)
        : width_(width) {}

    void heading(std::string_view text) { text_ += '\n' + std::string(text) + '\n'; }

    void line(std::string_view name, std::string_view what) {
        constexpr std::size_t column = 26;
        std::string first = "  " + std::string(name);
        first.resize(std::max(first.size() + 2, column), ' ');
        text_ += text::wrapped(what, width_, first, std::string(column, ' ')) + '\n';
    }

    void item(std::string_view what) { text_ += text::wrapped(what, width_, "    ", "      ") + '\n'; }

    std::string take() { return std::move(text_); }

  private:
    std::size_t width_;
    std::string text_;
};

std::vector<std::string> names_of(std::vector<std::uint16_t> const& codes, iana::Registry registry) {
    std::vector<std::string> names;
    for (auto const code : codes)
        names.push_back(iana::spelled(registry, code));
    return names;
}

std::string_view order_text(Decides decides) {
    constexpr std::string_view texts[] = {"", "the server's order", "the client's order decides"};
    return texts[static_cast<std::size_t>(decides)];
}

std::string in_order(Accepted const& accepted, iana::Registry registry) {
    auto const order = order_text(accepted.decides);
    return text::joined(names_of(accepted.codes, registry)) +
           (order.empty() ? std::string{} : " (" + std::string(order) + ")");
}

void add_version(Page& page, SpokenVersion const& spoken) {
    auto const order = order_text(spoken.cipher_suites.decides);
    page.heading(version_text(spoken.version) + (order.empty() ? std::string{} : ", " + std::string(order)));
    for (auto const& name : names_of(spoken.cipher_suites.codes, iana::cipher_suites()))
        page.item(name);
    if (!spoken.groups.codes.empty()) page.line("groups", in_order(spoken.groups, iana::named_groups()));
    if (!spoken.signature_algorithms.codes.empty())
        page.line("signs with", in_order(spoken.signature_algorithms, iana::signature_schemes()));
}

struct Feature {
    std::string_view name;
    std::optional<bool> Inventory::*known;
};

constexpr Feature features[] = {
    {"secure renegotiation", &Inventory::secure_renegotiation},
    {"extended master secret", &Inventory::extended_master_secret},
    {"fallback SCSV", &Inventory::fallback_scsv},
    {"downgrade mark", &Inventory::downgrade_marked},
    {"compression", &Inventory::compression},
    {"OCSP stapling", &Inventory::stapled},
    {"gives tickets", &Inventory::tickets},
    {"resumes session ids", &Inventory::resumes_session_id},
    {"resumes tickets", &Inventory::resumes_ticket},
    {"resumes PSKs (1.3)", &Inventory::resumes_psk},
};

std::string alpn_text(Inventory const& inventory) {
    auto text = inventory.alpn.empty() ? std::string("none") : text::joined(inventory.alpn);
    if (auto const order = order_text(inventory.alpn_decides); !order.empty())
        text += " (" + std::string(order) + ")";
    if (inventory.unknown_protocol != UnknownProtocol::unknown)
        text += "; one that nobody knows is " +
                std::string(inventory.unknown_protocol == UnknownProtocol::passed_over
                                ? "passed over"
                                : name_of(inventory.unknown_protocol));
    return text;
}

void add_features(Page& page, Inventory const& inventory) {
    page.heading("Handshake");
    page.line("ALPN", alpn_text(inventory));
    for (auto const& [name, known] : features)
        if (inventory.*known) page.line(name, *(inventory.*known) ? "yes" : "no");
    if (inventory.dh_bits) page.line("DHE prime", std::to_string(*inventory.dh_bits) + " bits");
    if (inventory.certificate_requested) page.line("client certificate", "is asked for");
}

void add_chain(Page& page, Chain const& chain) {
    page.heading("Certificates, as sent");
    for (auto const& one : chain.certificates) {
        page.item(record::printable(one.subject, 200) + ": " + one.key + ", " + one.signature + ", " +
                  one.not_before.substr(0, 10) + " to " + one.not_after.substr(0, 10));
        if (&one == &chain.certificates.front() && !one.names.empty())
            page.item("  for " + record::printable(text::joined(one.names), 400));
    }
    if (!chain.certificates.empty())
        page.item("  issued by " + record::printable(chain.certificates.back().issuer, 200));
}

std::string spoken_versions(Inventory const& inventory) {
    std::vector<std::string> names;
    for (auto const& spoken : inventory.versions)
        names.push_back(version_text(spoken.version));
    return names.empty() ? "none that was asked for (" + inventory.refusal + ")" : text::joined(names);
}

} // namespace

std::string version_text(std::uint16_t version) {
    auto const name = tls::name_of(static_cast<tls::ProtocolVersion>(version));
    return name == "ssl3" ? "SSL 3.0" : "TLS " + std::string(name);
}

std::string_view name_of(Decides decides) {
    constexpr std::string_view names[] = {"unknown", "server", "client"};
    return names[static_cast<std::size_t>(decides)];
}

std::string_view name_of(UnknownProtocol unknown_protocol) {
    constexpr std::string_view names[] = {"unknown", "refused", "passed-over", "answered"};
    return names[static_cast<std::size_t>(unknown_protocol)];
}

std::string inventory_text(Inventory const& inventory, std::size_t width) {
    Page page(width);
    page.heading("What the server speaks (" + std::to_string(inventory.handshakes) + " handshakes)");
    page.line("versions", spoken_versions(inventory));
    for (auto const& remark : remarks_of(inventory))
        page.line(name_of(remark.kind), remark.sentence);
    if (!inventory.stopped.empty()) page.line("not complete", inventory.stopped);
    if (inventory.versions.empty()) return page.take();
    for (auto const& spoken : inventory.versions)
        add_version(page, spoken);
    add_features(page, inventory);
    for (auto const& chain : inventory.chains)
        add_chain(page, chain);
    return page.take();
}

} // namespace alert40::diagnose
