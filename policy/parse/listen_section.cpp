#include "policy/host_name.hpp"
#include "policy/limits.hpp"
#include "policy/parse/sections.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/values.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace alert40::policy::parse {
namespace {

/// [listen] under way, with the place of each `proxy` address.
struct ListenDraft {
    Listen listen;
    std::vector<Position> proxy_at;
};

void read_proxy(ListenDraft& draft, Node const& node, Context& context) {
    draft.listen.proxy.clear();
    for (auto const& text : texts_value(node, context)) {
        if (draft.listen.proxy.size() == limits::listeners)
            return context.error(text.at, "more than " + std::to_string(limits::listeners) + " listeners");
        if (auto endpoint = endpoint_of(text, context)) {
            draft.listen.proxy.push_back(std::move(*endpoint));
            draft.proxy_at.push_back(text.at);
        }
    }
}

/// The part before the first colon (RFC 7617 section 2: a user has none).
std::string_view user_of(std::string_view credentials) {
    return credentials.substr(0, credentials.find(':'));
}

bool are_credentials(std::string_view text) {
    auto const user = user_of(text).size();
    if (user == 0 || user > limits::credential || user == text.size()) return false;
    auto const password = text.size() - user - 1;
    return password > 0 && password <= limits::credential;
}

// Never quoted back: they are secret, even where they are wrong.
void read_credentials(ListenDraft& draft, Node const& node, Context& context) {
    auto& all = draft.listen.credentials;
    for (auto& text : texts_value(node, context)) {
        auto const same_user = [&](auto const& one) { return user_of(one) == user_of(text.value); };
        if (all.size() == limits::credentials)
            return context.error(text.at, "more than " + std::to_string(limits::credentials) + " users");
        if (!are_credentials(text.value))
            context.error(text.at, context.key() + " takes \"user:password\", each of 1 to " +
                                       std::to_string(limits::credential) +
                                       " bytes, the user without a colon");
        else if (std::ranges::any_of(all, same_user))
            context.error(text.at,
                          context.key() + " has the user " + in_quotes(user_of(text.value)) + " twice");
        else
            all.push_back(std::move(text.value));
    }
}

void read_ui(ListenDraft& draft, Node const& node, Context& context) {
    draft.listen.ui = endpoint_value(node, context);
    if (draft.listen.ui && !is_loopback(draft.listen.ui->address))
        context.warning(node.at, draft.listen.ui->text() +
                                     " is not loopback: everybody who reaches it sees the control page");
}

constexpr std::array listen_keys = {
    Key<ListenDraft>{"proxy", read_proxy},
    Key<ListenDraft>{"ui", read_ui},
    Key<ListenDraft>{"credentials", read_credentials},
    Key<ListenDraft>{"threads",
                     [](ListenDraft& draft, Node const& node, Context& c) {
                         if (auto const n = integer_value(node, 1, limits::threads, c))
                             draft.listen.threads = static_cast<unsigned>(*n);
                     }},
};

constexpr std::array authority_keys = {
    Key<Authority>{"cert", [](Authority& authority, Node const& node,
                              Context& c) { store(authority.cert, file_value(node, c)); }},
    Key<Authority>{"key", [](Authority& authority, Node const& node,
                             Context& c) { store(authority.key, file_value(node, c)); }},
};

} // namespace

void read_listen(Node const& section, Policy& policy, Context& context) {
    ListenDraft draft;
    read_table<ListenDraft>(section, "[listen]", listen_keys, draft, context);
    for (std::size_t i = 0; i < draft.proxy_at.size(); ++i) {
        auto const& endpoint = draft.listen.proxy[i];
        if (is_loopback(endpoint.address) || !draft.listen.credentials.empty()) continue;
        context.warning(draft.proxy_at[i],
                        endpoint.text() +
                            " is not loopback: everybody who reaches it could use the proxy; "
                            "credentials = [\"user:password\"] in [listen] would ask who they are");
    }
    policy.listen = std::move(draft.listen);
}

void read_authority(Node const& section, Policy& policy, Context& context) {
    Authority authority;
    read_table<Authority>(section, "[authority]", authority_keys, authority, context);
    if (auto const* table = section.table(); table && (!find(*table, "cert") || !find(*table, "key")))
        context.error(section.at, "[authority] needs both \"cert\" and \"key\"");
    policy.authority = std::move(authority);
}

void check_listeners(Node const* listen, Node const* maps, Policy const& policy, Context& context) {
    if (policy.listen.proxy.empty() && policy.maps.empty())
        context.error(listen ? listen->at : Position{},
                      "nothing to listen on: \"proxy\" in [listen] is empty, and there is no [[map]]");

    std::set<std::string> seen;
    auto const once = [&](Endpoint const& endpoint, Position at) {
        if (endpoint.port != 0 && !seen.insert(endpoint.text()).second)
            context.error(at, endpoint.text() + " is listened on twice");
    };
    auto const place = [](Node const& table, std::string_view key) {
        auto const* node = find(*table.table(), key);
        return node ? node->at : table.at;
    };
    Position const proxies = listen ? place(*listen, "proxy") : Position{};
    for (auto const& endpoint : policy.listen.proxy)
        once(endpoint, proxies);
    if (policy.listen.ui) once(*policy.listen.ui, place(*listen, "ui"));
    for (std::size_t i = 0; i < policy.maps.size(); ++i)
        once(policy.maps[i].listen, place((*maps->list())[i], "listen"));
}

} // namespace alert40::policy::parse
