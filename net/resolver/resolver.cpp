#include "net/resolver/resolver.hpp"

#include "net/loop/event_loop.hpp"
#include "net/resolver/dns_server.hpp"
#include "net/resolver/lookup.hpp"
#include "net/resolver/plain_dns.hpp"
#include "net/resolver/system_lookup.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string_view>

namespace alert40::net {

namespace {

/// Servers that are kept open while nothing is asked of them; a policy names one or two.
constexpr std::size_t idle_servers = 16;

/// Dropping it is what cancels: the lookup may go on, but nobody hears of it.
class Token final : public Resolver::Query {
  public:
    explicit Token(std::shared_ptr<Lookup> lookup)
        : lookup_(std::move(lookup)) {}

    ~Token() override { lookup_->done = {}; }

  private:
    std::shared_ptr<Lookup> lookup_; ///< shared with the one who answers
};

bool is_literal(std::string const& host) {
    std::array<std::byte, sizeof(in6_addr)> address{};
    auto const without_zone = host.substr(0, host.find('%')); // "fe80::1%eth0", RFC 4007 section 11
    return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
           ::inet_pton(AF_INET6, without_zone.c_str(), address.data()) == 1;
}

bool is_localhost(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    constexpr std::string_view localhost = "localhost";
    if (host.size() < localhost.size()) return false;
    auto const tail = host.substr(host.size() - localhost.size());
    bool const same = std::equal(tail.begin(), tail.end(), localhost.begin(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == b;
    });
    return same && (tail.size() == host.size() || host[host.size() - localhost.size() - 1] == '.');
}

} // namespace

struct Resolver::State {
    EventLoop& loop;
    EncryptedDns encrypted;
    SystemLookup system{loop};
    std::vector<std::unique_ptr<DnsServer>> servers{};

    DnsServer& server(policy::Resolver const& how, Resolver& resolver) {
        auto const known =
            std::find_if(servers.begin(), servers.end(), [&](auto const& server) { return server->is(how); });
        if (known != servers.end()) return **known;
        if (servers.size() >= idle_servers)
            std::erase_if(servers, [](auto const& server) { return server->idle(); });
        auto transport = how.is_encrypted() ? encrypted(loop, resolver, how) : make_plain_dns(loop, how);
        return *servers.emplace_back(std::make_unique<DnsServer>(loop, how, std::move(transport)));
    }
};

Resolver::Resolver(EventLoop& loop, EncryptedDns encrypted)
    : state_(new State{loop, std::move(encrypted)}) {}

Resolver::~Resolver() = default;

std::unique_ptr<Resolver::Query> Resolver::resolve(policy::Resolver const& how, std::string host,
                                                   std::function<void(Answer)> done) {
    auto lookup = std::make_shared<Lookup>(std::move(done));
    auto token = std::make_unique<Token>(lookup);
    auto const answer_later = [&](Answer answer) {
        state_->loop.post([lookup, answer = std::move(answer)] { lookup->answer(answer); });
    };
    if (is_literal(host))
        answer_later(std::vector<ResolvedAddress>{{std::move(host)}});
    else if (is_localhost(host))
        answer_later(std::vector<ResolvedAddress>{{"127.0.0.1"}, {"::1"}});
    else if (how.kind == policy::Resolver::Kind::system)
        state_->system.start(std::move(host), std::move(lookup));
    else if (how.is_encrypted() && !state_->encrypted)
        answer_later(
            lookup_failure(tls::FailureKind::library, how.text() + " cannot be asked here", tls::By::local));
    else
        state_->server(how, *this).start(std::move(host), std::move(lookup));
    return token;
}

} // namespace alert40::net
