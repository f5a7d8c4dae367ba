#include "diagnose/hello/element_list.hpp"

#include "bytes/reader.hpp"
#include "diagnose/hello/extension_data.hpp"
#include "tls/wire/iana.hpp"

#include <algorithm>

namespace alert40::diagnose {
namespace {

using tls::wire::ExtensionType;
using tls::wire::iana::is_grease;
using Numbers = std::vector<std::uint16_t>;

ElementList elements(Numbers const& codes) {
    ElementList list;
    list.reserve(codes.size());
    for (auto const code : codes)
        list.push_back({.code = code});
    return numbered(std::move(list));
}

Numbers codes(ElementList const& list) {
    Numbers out;
    out.reserve(list.size());
    for (auto const& one : list)
        out.push_back(one.code);
    return out;
}

std::optional<ElementList> from(std::optional<Numbers> const& codes) {
    if (!codes || codes->empty()) return std::nullopt;
    return elements(*codes);
}

std::optional<ElementList> read_versions(Hello const& hello) {
    if (!find(hello, ExtensionType::supported_versions))
        return elements(versions_up_to(hello.legacy_version));
    return from(tls::wire::supported_versions(view_of(hello).extensions));
}

std::optional<ElementList> read_groups(Hello const& hello) {
    return from(tls::wire::supported_groups(view_of(hello).extensions));
}

std::optional<ElementList> read_signature_algorithms(Hello const& hello) {
    return from(tls::wire::signature_algorithms(view_of(hello).extensions));
}

std::optional<ElementList> read_key_shares(Hello const& hello) {
    auto const* const extension = find(hello, ExtensionType::key_share);
    if (!extension) return std::nullopt;
    ElementList list;
    bytes::Reader in{extension->data};
    in.nested<bytes::Prefix::u16>([&](bytes::Reader& shares) {
        while (shares.more()) {
            auto const group = shares.u16();
            auto const key_exchange = shares.opaque<bytes::Prefix::u16>();
            list.push_back({.code = group, .data = {key_exchange.begin(), key_exchange.end()}});
        }
    });
    if (!in.finished() || list.empty()) return std::nullopt;
    return numbered(std::move(list));
}

std::optional<ElementList> read_alpn(Hello const& hello) {
    auto const view = view_of(hello);
    auto const names = tls::wire::alpn(view.extensions);
    if (!names || names->empty()) return std::nullopt;
    ElementList list;
    for (auto const name : *names)
        list.push_back({.name = std::string(name)});
    return numbered(std::move(list));
}

Buffer write_versions(ElementList const& list) {
    constexpr std::size_t most = 127;
    auto versions = codes(list);
    if (versions.size() > most) versions.resize(most);
    return supported_versions_data(versions);
}

Buffer write_codes(ElementList const& list) {
    return code_list_data(codes(list));
}

Buffer write_key_shares(ElementList const& list) {
    std::vector<KeyShare> shares;
    for (auto const& one : list)
        shares.push_back({one.code, one.data});
    return key_share_data(shares);
}

Buffer write_alpn(ElementList const& list) {
    std::vector<std::string> names;
    for (auto const& one : list)
        names.push_back(one.name);
    return alpn_data(names);
}

constexpr ListExtension lists[] = {
    {Place::supported_versions, ExtensionType::supported_versions, read_versions, write_versions},
    {Place::supported_groups, ExtensionType::supported_groups, read_groups, write_codes},
    {Place::signature_algorithms, ExtensionType::signature_algorithms, read_signature_algorithms,
     write_codes},
    {Place::key_shares, ExtensionType::key_share, read_key_shares, write_key_shares},
    {Place::alpn, ExtensionType::application_layer_protocol_negotiation, read_alpn, write_alpn},
};

} // namespace

Numbers versions_up_to(std::uint16_t legacy_version) {
    constexpr std::uint16_t tls1_0 = 0x0301, tls1_2 = 0x0303;
    Numbers versions;
    for (auto one = std::min(legacy_version, tls1_2); one >= tls1_0; --one)
        versions.push_back(one);
    if (versions.empty()) versions.push_back(legacy_version);
    return versions;
}

bool Element::like(Element const& other) const {
    bool const same = code == other.code || (is_grease(code) && is_grease(other.code));
    return same && occurrence == other.occurrence && name == other.name;
}

std::span<ListExtension const> list_extensions() {
    return lists;
}

ListExtension const* list_extension(std::uint16_t type) {
    auto const* const found =
        std::ranges::find(lists, static_cast<ExtensionType>(type), &ListExtension::type);
    return found == std::end(lists) ? nullptr : found;
}

ElementList suites_of(Hello const& hello) {
    return elements(hello.cipher_suites);
}

ElementList extensions_of(Hello const& hello) {
    ElementList list;
    for (auto const& extension : hello.extensions)
        list.push_back({.code = extension.type, .data = extension.data});
    return numbered(std::move(list));
}

ElementList numbered(ElementList list) {
    for (auto one = list.begin(); one != list.end(); ++one) {
        one->occurrence = 0;
        for (auto before = list.begin(); before != one; ++before) {
            bool const grease = is_grease(before->code) && is_grease(one->code);
            if ((grease || before->code == one->code) && before->name == one->name) ++one->occurrence;
        }
    }
    return list;
}

ElementList::const_iterator find_like(ElementList const& list, Element const& wanted) {
    return std::ranges::find_if(list, [&](Element const& one) { return one.like(wanted); });
}

ElementList woven(ElementList const& first, ElementList const& second) {
    auto out = first;
    auto behind = out.cbegin();
    for (auto const& one : second) {
        auto const known = find_like(out, one);
        behind = (known != out.cend() ? known : out.insert(behind, one)) + 1;
    }
    return out;
}

bool ordered_otherwise(ElementList const& one, ElementList const& other) {
    auto from = other.begin();
    for (auto const& element : one) {
        auto const place = find_like(other, element);
        if (place == other.end()) continue;
        if (place < from) return true;
        from = place;
    }
    return false;
}

} // namespace alert40::diagnose
