#include "diagnose/hello/comparison.hpp"

#include "tls/wire/describe.hpp"
#include "tls/wire/iana.hpp"

#include <algorithm>

namespace alert40::diagnose {

using Kind = Difference::Kind;
using tls::wire::ExtensionType;
using tls::wire::iana::is_grease;

namespace {

constexpr auto versions_type = static_cast<std::uint16_t>(ExtensionType::supported_versions);
constexpr auto psk_type = static_cast<std::uint16_t>(ExtensionType::pre_shared_key);
constexpr std::uint16_t any_grease = 0x0a0a;

/// Values of which none is used in two places where they would have to differ (RFC 8701).
constexpr std::uint16_t grease_of(Place place, std::size_t occurrence) {
    auto const number = static_cast<std::uint16_t>(place == Place::extensions ? 8 + occurrence % 8 : 3);
    return static_cast<std::uint16_t>(0x0a0a + 0x1010 * number);
}

bool has(ElementList const& list, Element const& element) {
    return find_like(list, element) != list.end();
}

bool has_group(ElementList const& groups, std::uint16_t group) {
    return std::ranges::any_of(groups, [&](Element const& one) {
        return one.code == group || (is_grease(one.code) && is_grease(group));
    });
}

std::string host_in(Hello const& hello) {
    return tls::wire::printable(tls::wire::server_name(view_of(hello).extensions).value_or(""));
}

} // namespace

/// One hello being made of two.
class Comparison::Mix {
  public:
    Mix(Comparison const& of, Subset const& applied)
        : of_(of) {
        for (auto const number : applied)
            applied_.push_back(&of.differences_[number]);
    }

    Hello hello() {
        auto made = fields();
        for (auto const& list : of_.lists_)
            lists_.push_back(mixed(list));
        keep_shares_with_groups();
        for (std::size_t i = 0; i < lists_.size(); ++i)
            put(made, of_.lists_[i], lists_[i]);
        return made;
    }

  private:
    bool is_applied(Place place, Kind kind, Element const& element = {}) const {
        return std::ranges::any_of(applied_, [&](Difference const* one) {
            return one->place == place && one->kind == kind &&
                   element.like({.code = one->code, .name = element.name, .occurrence = one->occurrence}) &&
                   (place != Place::alpn || one->name == tls::wire::protocol_text(element.name));
        });
    }

    Hello fields() const {
        auto made = of_.working_;
        auto const& failing = of_.failing_;
        for (auto const* const one : applied_) {
            switch (one->place) {
            case Place::record_version: made.legacy_record_version = failing.legacy_record_version; break;
            case Place::legacy_version: made.legacy_version = failing.legacy_version; break;
            case Place::session_id: made.session_id = failing.session_id; break;
            case Place::compression_methods: made.compression_methods = failing.compression_methods; break;
            default: break;
            }
        }
        return made;
    }

    ElementList mixed(List const& list) const {
        bool const reordered = is_applied(list.place, Kind::order);
        ElementList out;
        for (auto element :
             reordered ? woven(list.failing, list.working) : woven(list.working, list.failing)) {
            auto const working = find_like(list.working, element);
            auto const failing = find_like(list.failing, element);
            bool const in_working = working != list.working.end(), in_failing = failing != list.failing.end();
            if (!in_working && !is_wanted(list.place, element)) continue;
            if (!in_failing && is_applied(list.place, Kind::removed, element)) continue;
            bool const changed = in_working && in_failing && is_applied(list.place, Kind::changed, element);
            element = in_working && !changed ? *working : *failing;
            if (is_grease(element.code)) element.code = grease_of(list.place, element.occurrence);
            out.push_back(std::move(element));
        }
        bool const must_not_be_empty =
            list.place == Place::cipher_suites || list.place == Place::supported_versions;
        return out.empty() && must_not_be_empty ? list.working : out;
    }

    /// What only the failing hello has; of extensions that hold lists, their elements say it.
    bool is_wanted(Place place, Element const& element) const {
        if (place == Place::extensions && of_.compared_as_list(element.code)) return true;
        return is_applied(place, Kind::added, element);
    }

    ElementList& list(Place place) {
        auto const found = std::ranges::find(of_.lists_, place, &List::place);
        return lists_[static_cast<std::size_t>(found - of_.lists_.begin())];
    }

    /// RFC 8446 section 4.2.8: no share without its group.
    void keep_shares_with_groups() {
        auto const is_list = [&](Place place) {
            return std::ranges::find(of_.lists_, place, &List::place) != of_.lists_.end();
        };
        if (!is_list(Place::key_shares) || !is_list(Place::supported_groups)) return;
        auto& groups = list(Place::supported_groups);
        std::erase_if(list(Place::key_shares), [&](Element const& share) {
            if (has_group(groups, share.code)) return false;
            if (!is_applied(Place::key_shares, Kind::added, share)) return true;
            groups.insert(groups.begin(), {.code = share.code});
            return false;
        });
    }

    void put(Hello& made, List const& of, ElementList const& list) {
        if (of.place == Place::cipher_suites) {
            made.cipher_suites.clear();
            for (auto const& one : list)
                made.cipher_suites.push_back(one.code);
        }
        if (of.place != Place::extensions) return;
        made.extensions.clear();
        for (auto const& one : list)
            if (of_.compared_as_list(one.code))
                put_list(made, one.code);
            else
                made.extensions.push_back({one.code, one.data});
        std::stable_partition(made.extensions.begin(), made.extensions.end(),
                              [](auto const& one) { return one.type != psk_type; });
    }

    void put_list(Hello& made, std::uint16_t type) {
        auto const* const kind = list_extension(type);
        auto const& elements = list(kind->place);
        if (elements.empty() || (type == versions_type && needs_no_extension(elements, made.legacy_version)))
            return;
        made.extensions.push_back({type, kind->write(elements)});
    }

    bool needs_no_extension(ElementList const& versions, std::uint16_t legacy_version) const {
        constexpr auto type = ExtensionType::supported_versions;
        bool const in_both = find(of_.working_, type) && find(of_.failing_, type);
        return !in_both && std::ranges::equal(versions, versions_up_to(legacy_version), {}, &Element::code);
    }

    Comparison const& of_;
    std::vector<Difference const*> applied_;
    std::vector<ElementList> lists_; ///< as those of `of_`
};

Comparison::Comparison(Hello working, Hello failing)
    : working_(std::move(working))
    , failing_(std::move(failing)) {
    compare_fields();
    compare_lists();
}

void Comparison::note(Place place, Kind kind, Element const& element, std::size_t bytes) {
    differences_.push_back({.place = place,
                            .kind = kind,
                            .code = is_grease(element.code) ? any_grease : element.code,
                            .occurrence = element.occurrence,
                            .bytes = bytes,
                            .name = place == Place::alpn ? tls::wire::protocol_text(element.name) : ""});
}

void Comparison::compare_fields() {
    if (working_.legacy_record_version != failing_.legacy_record_version)
        note(Place::record_version, Kind::changed, {.code = failing_.legacy_record_version});
    if (working_.legacy_version != failing_.legacy_version)
        note(Place::legacy_version, Kind::changed, {.code = failing_.legacy_version});
    if (working_.session_id.size() != failing_.session_id.size())
        note(Place::session_id, Kind::changed, {}, failing_.session_id.size());
    if (working_.compression_methods != failing_.compression_methods)
        note(Place::compression_methods, Kind::changed, {}, failing_.compression_methods.size());
}

void Comparison::compare_lists() {
    lists_.push_back({Place::cipher_suites, suites_of(working_), suites_of(failing_)});
    for (auto const& kind : list_extensions()) {
        bool const in_working = find(working_, kind.type), in_failing = find(failing_, kind.type);
        auto const working = kind.read(working_), failing = kind.read(failing_);
        if ((!in_working && !in_failing) || (in_working && !working) || (in_failing && !failing)) continue;
        lists_.push_back({kind.place, working.value_or(ElementList{}), failing.value_or(ElementList{})});
    }
    lists_.push_back({Place::extensions, extensions_of(working_), extensions_of(failing_)});
    for (auto const& list : lists_)
        compare(list);
}

bool Comparison::compared_as_list(std::uint16_t type) const {
    auto const* const kind = list_extension(type);
    return kind && std::ranges::find(lists_, kind->place, &List::place) != lists_.end();
}

void Comparison::compare(List const& list) {
    bool const of_extensions = list.place == Place::extensions;
    for (auto const& one : list.failing) {
        if (of_extensions && compared_as_list(one.code)) continue;
        auto const like = find_like(list.working, one);
        bool const changed = like != list.working.end() && of_extensions && like->data != one.data;
        if (like != list.working.end() && !changed) continue;
        note(list.place, changed ? Kind::changed : Kind::added, one, one.data.size());
        if (of_extensions && one.code == static_cast<std::uint16_t>(ExtensionType::server_name))
            differences_.back().name = host_in(failing_);
    }
    for (auto const& one : list.working)
        if (!has(list.failing, one) && !(of_extensions && compared_as_list(one.code)))
            note(list.place, Kind::removed, one, one.data.size());
    if (ordered_otherwise(list.working, list.failing)) note(list.place, Kind::order);
}

Hello Comparison::with(Subset const& applied) const {
    if (applied.empty()) return working_;
    if (applied.size() == differences_.size()) return failing_;
    return Mix(*this, applied).hello();
}

} // namespace alert40::diagnose
