#include "policy/limits.hpp"
#include "policy/parse/nearest.hpp"
#include "policy/parse/profile_keys.hpp"
#include "policy/parse/sections.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/values.hpp"

#include <algorithm>
#include <map>

namespace alert40::policy::parse {
namespace {

/// Reads [profile.x] tables in whatever order `extends` asks for; no deeper than limits::profiles.
class ProfileReader {
  public:
    ProfileReader(Policy const& policy, Context& context)
        : policy_(&policy)
        , context_(&context) {}

    void add(Member const& member) { drafts_[member.key] = {&member, Draft::State::unread, {}}; }

    tls::Profile const& read(std::string const& name) {
        Draft& draft = drafts_.at(name);
        if (draft.state == Draft::State::unread) {
            draft.state = Draft::State::reading;
            draft.profile = base_of(*draft.member);
            draft.profile.name = name;
            read_profile_keys(draft.member->value, "[profile." + name + "]", draft.profile, *context_);
            check(*draft.member, draft.profile);
            draft.state = Draft::State::read;
        }
        return draft.profile;
    }

    std::vector<std::string> names() const {
        auto names = profile_names(*policy_);
        for (auto const& [name, draft] : drafts_)
            names.push_back(name);
        return names;
    }

  private:
    struct Draft {
        enum class State { unread, reading, read };
        Member const* member = nullptr;
        State state = State::unread;
        tls::Profile profile;
    };

    tls::Profile base_of(Member const& member) {
        auto const& modern = *policy_->profile("modern");
        auto const* table = member.value.table();
        auto const* extends = table ? find(*table, "extends") : nullptr;
        if (!extends) return modern;

        auto outer = context_->exchange_key("\"extends\"");
        auto const base = text_value(*extends, *context_);
        context_->exchange_key(std::move(outer));
        if (!base) return modern;
        if (*base == "mirror") {
            context_->error(extends->at,
                            "profile \"mirror\" is what each app offered: there is nothing in it to "
                            "lay keys over; a rule or a ladder can name it");
            return modern;
        }
        if (auto const* built_in = policy_->profile(*base)) return *built_in;
        auto const draft = drafts_.find(*base);
        if (draft == drafts_.end()) {
            context_->error(extends->at, no_such("profile", *base, names()));
        } else if (draft->second.state == Draft::State::reading) {
            context_->error(extends->at, "profile " + in_quotes(member.key) + " extends itself by way of " +
                                             in_quotes(*base));
        } else {
            return read(*base);
        }
        return modern;
    }

    void check(Member const& member, tls::Profile const& profile) {
        auto const* table = member.value.table();
        if (!table) return;
        bool const too_strict =
            profile.min_version < tls::ProtocolVersion::tls1_2 && profile.security_level > 0;
        auto const* versions = find(*table, "versions");
        auto const* place = versions ? versions : find(*table, "security_level");
        if (too_strict && (place || !extends_own(*table)))
            context_->error(
                place ? place->at : member.at,
                "TLS 1.0 and 1.1 need security_level = 0 (OpenSSL 3 signs their handshakes with SHA-1)");
        for (auto const& one : context_->capabilities().incapable(profile))
            report(*table, member.at, one);
    }

    /// What is inherited from a profile of the file was reported there.
    bool extends_own(Node::Table const& table) const {
        auto const* extends = find(table, "extends");
        return extends && extends->text() && drafts_.contains(*extends->text());
    }

    void report(Node::Table const& table, Position header, Incapable const& one) {
        auto const* node = find(table, one.key);
        if (!node) {
            if (!extends_own(table)) context_->error(header, in_quotes(one.key) + ": " + one.reason);
            return;
        }
        auto const* list = node->list();
        auto const& place = list && one.index < list->size() ? (*list)[one.index] : *node;
        context_->error(place.at, in_quotes(one.key) + ": " + one.reason + hint(one.key, place));
    }

    // Only for a name that the library does not know at all.
    std::string hint(std::string_view key, Node const& place) const {
        auto const known = context_->capabilities().known_names(key);
        auto const* typed = place.text();
        if (!typed || std::find(known.begin(), known.end(), *typed) != known.end()) return {};
        return did_you_mean(*typed, known);
    }

    Policy const* policy_; ///< holds the built-in profiles only
    Context* context_;
    std::map<std::string, Draft, std::less<>> drafts_;
};

} // namespace

void read_profiles(Node const& section, Policy& policy, Context& context) {
    auto const* table = table_of(section, "[profile.NAME]", context);
    if (!table) return;
    if (table->size() > limits::profiles)
        return context.error(section.at, "more than " + std::to_string(limits::profiles) + " profiles");

    ProfileReader reader(policy, context);
    std::vector<std::string> order;
    for (auto const& member : *table) {
        if (policy.profile(member.key)) {
            context.error(member.at, "profile " + in_quotes(member.key) +
                                         " is built in; give yours another name, and extends = " +
                                         in_quotes(member.key));
        } else if (is_good_name(member.key, member.at, context)) {
            reader.add(member);
            order.push_back(member.key);
        }
    }
    std::vector<tls::Profile> own;
    for (auto const& name : order)
        own.push_back(reader.read(name));
    policy.profiles.insert(policy.profiles.end(), own.begin(), own.end());
}

} // namespace alert40::policy::parse
