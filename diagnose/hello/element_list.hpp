#pragma once

#include "diagnose/hello/difference.hpp"
#include "diagnose/hello/hello.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace alert40::diagnose {

/// One of the things that a list in a hello offers.
struct Element {
    std::uint16_t code = 0;
    std::string name{};         ///< of an ALPN protocol; these have no number
    Buffer data{};              ///< of an extension or a key share
    std::size_t occurrence = 0; ///< among those alike in its list

    /// Any GREASE is like any other.
    bool like(Element const& other) const;
};

using ElementList = std::vector<Element>;

/// A list that an extension holds, one element a line; what is known of each kind.
struct ListExtension {
    Place place;
    tls::wire::ExtensionType type;
    std::optional<ElementList> (*read)(Hello const&);
    Buffer (*write)(ElementList const&);
};

std::span<ListExtension const> list_extensions();
/// Null: what this extension holds is looked at as a whole.
ListExtension const* list_extension(std::uint16_t type);

ElementList suites_of(Hello const& hello);
ElementList extensions_of(Hello const& hello);

/// What a hello without supported_versions offers: its legacy version and those before, down to TLS 1.0 (RFC
/// 8446 section 4.2.1).
std::vector<std::uint16_t> versions_up_to(std::uint16_t legacy_version);

/// Counts those alike.
ElementList numbered(ElementList list);

/// The like of it; the end: there is none.
ElementList::const_iterator find_like(ElementList const& list, Element const& wanted);

/// Those of both, each once: in the order of `first`, and what only `second` has behind what it follows
/// there.
ElementList woven(ElementList const& first, ElementList const& second);

/// What both have comes in another order.
bool ordered_otherwise(ElementList const& one, ElementList const& other);

} // namespace alert40::diagnose
