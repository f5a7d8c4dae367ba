#include "policy/limits.hpp"
#include "policy/parse/nearest.hpp"
#include "policy/parse/profile_keys.hpp"
#include "policy/parse/sections.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/values.hpp"

#include <map>

namespace alert40::policy::parse {
namespace {

/// Reads [profile.x] tables in whatever order `extends` asks for.
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
            auto const errors_before = context_->errors();
            read_profile_keys(draft.member->value, "[profile." + name + "]", draft.profile, *context_);
            if (context_->errors() == errors_before) check(*draft.member, draft.profile);
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
        auto const& table = *member.value.table();
        auto const place = [&](std::string_view key) {
            auto const* node = find(table, key);
            return node ? node->at : member.at;
        };
        if (profile.min_version < tls::ProtocolVersion::tls1_2 && profile.security_level > 0)
            context_->error(
                place(find(table, "versions") ? "versions" : "security_level"),
                "TLS 1.0 and 1.1 need security_level = 0 (OpenSSL 3 signs their handshakes with SHA-1)");
        for (auto const& one : context_->capabilities().incapable(profile))
            report(table, member.at, one);
    }

    // What was inherited from another profile of the file was reported there.
    void report(Node::Table const& table, Position header, Incapable const& one) {
        auto const* node = find(table, one.key);
        if (!node) {
            auto const* extends = find(table, "extends");
            bool const reported = extends && extends->text() && drafts_.contains(*extends->text());
            if (!reported) context_->error(header, in_quotes(one.key) + ": " + one.reason);
            return;
        }
        auto const* list = node->list();
        bool const in_list = list && one.index < list->size();
        auto const& place = in_list ? (*list)[one.index] : *node;
        std::string hint;
        if (auto const* typed = place.text()) {
            auto const known = context_->capabilities().known_names(one.key);
            bool const name_is_known = std::find(known.begin(), known.end(), *typed) != known.end();
            if (!name_is_known) hint = did_you_mean(*typed, known);
        }
        context_->error(place.at, in_quotes(one.key) + ": " + one.reason + hint);
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
