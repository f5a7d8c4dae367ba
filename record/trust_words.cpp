#include "record/trust_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace alert40::record {

namespace {

/// Where one kind of app finds the authorities that it trusts. To add one, add a row.
struct TrustRow {
    std::string_view kind;     ///< a word of HandshakeRecord::client, before its parenthesis
    std::string_view store;    ///< one that `alert40 ca trust` reaches; empty: the app reads none of them
    std::string_view settings; ///< words set apart by spaces
};

constexpr std::string_view system_store = "the system's store", browser_store = "the browser's store";

constexpr auto trust_table = std::to_array<TrustRow>({
    {"Chromium", browser_store, ""},
    {"Chrome", browser_store, ""},
    {"Electron", browser_store, "NODE_EXTRA_CA_CERTS"},
    {"Firefox", browser_store, ""},
    {"NSS", browser_store, ""},
    {"Safari", system_store, ""},
    {"Node.js", "", "NODE_EXTRA_CA_CERTS"},
    {"curl", system_store, "SSL_CERT_FILE CURL_CA_BUNDLE"},
    {"Python", "", "SSL_CERT_FILE REQUESTS_CA_BUNDLE"},
    {"OpenSSL", system_store, "SSL_CERT_FILE"},
    {"Go", system_store, "SSL_CERT_FILE"},
    {"Rust", system_store, "SSL_CERT_FILE"},
    {"git", system_store, "GIT_SSL_CAINFO"},
    {"GnuTLS", system_store, "GIT_SSL_CAINFO"}, // as Debian has git
    {"gRPC", "", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"},
    {"BoringSSL", "", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH NODE_EXTRA_CA_CERTS"},
    {"Java", "", "-Djavax.net.ssl.trustStore"},
});

bool part_of_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// "Go" is in "curl or Go", not in "Google".
bool has_word(std::string_view text, std::string_view word) {
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        auto const end = at + word.size();
        if ((at == 0 || !part_of_word(text[at - 1])) && (end == text.size() || !part_of_word(text[end])))
            return true;
    }
    return false;
}

struct Ways {
    std::vector<std::string_view> stores;
    std::vector<std::string_view> settings;
};

void add_once(std::vector<std::string_view>& list, std::string_view word) {
    if (!word.empty() && std::ranges::find(list, word) == list.end()) list.push_back(word);
}

/// What stands in parentheses is the library, which does not decide: Node.js has OpenSSL, and reads neither
/// its store nor its variables.
Ways ways_of(std::string_view client) {
    auto const kinds = client.substr(0, client.find('('));
    Ways ways;
    for (auto const& row : trust_table) {
        if (!has_word(kinds, row.kind)) continue;
        add_once(ways.stores, row.store);
        for (auto rest = row.settings; !rest.empty();) {
            auto const word = rest.substr(0, rest.find(' '));
            add_once(ways.settings, word);
            rest.remove_prefix(std::min(rest.size(), word.size() + 1));
        }
    }
    return ways;
}

std::string listed(std::vector<std::string_view> const& words) {
    std::string text;
    for (auto const word : words)
        text.append(text.empty() ? "" : ", ").append(word);
    return text;
}

std::string either(std::string first, std::string const& second) {
    if (!first.empty() && !second.empty()) first += ", or ";
    return first += second;
}

} // namespace

std::string ways_to_trust_authority(std::string_view client) {
    auto const ways = ways_of(client);
    auto const store = ways.stores.empty() ? std::string{} : "`alert40 ca trust`";
    if (!ways.settings.empty())
        return either(store,
                      listed(ways.settings) + (ways.settings.size() == 1 ? " (`alert40 env` prints it)"
                                                                         : " (`alert40 env` prints them)"));
    return store.empty() ? "`alert40 ca trust`, or the variables that `alert40 env` prints" : store;
}

std::string ways_to_trust_proxy(std::string_view client) {
    if (!has_word(client.substr(0, client.find('(')), "curl")) return ways_to_trust_authority(client);
    return "`alert40 ca trust`, or curl's --proxy-cacert with the file that `alert40 ca show` names";
}

std::string ways_to_trust_issuer(std::string_view client) {
    auto const ways = ways_of(client);
    auto const text = either(listed(ways.settings), listed(ways.stores));
    return text.empty() ? std::string{system_store} + " or the app's own" : text;
}

} // namespace alert40::record
