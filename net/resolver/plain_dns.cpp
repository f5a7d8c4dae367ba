#include "net/resolver/plain_dns.hpp"

#include "net/loop/deadline.hpp"
#include "net/loop/event_loop.hpp"
#include "net/resolver/dns_status.hpp"
#include "policy/origin.hpp"

#include <ares.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <map>
#include <utility>

namespace alert40::net {

namespace {

constexpr int first_timeout_ms = 1000; ///< c-ares doubles it with each try
constexpr int tries = 3;

struct AddrinfoDeleter {
    void operator()(ares_addrinfo* list) const { ::ares_freeaddrinfo(list); }
};

using AddressList = std::unique_ptr<ares_addrinfo, AddrinfoDeleter>;

std::vector<ResolvedAddress> addresses_in(ares_addrinfo const& list) {
    std::vector<ResolvedAddress> addresses;
    for (auto const* node = list.nodes; node && addresses.size() < most_dns_addresses; node = node->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (::getnameinfo(node->ai_addr, node->ai_addrlen, text.data(), text.size(), nullptr, 0,
                          NI_NUMERICHOST) == 0)
            addresses.push_back({text.data()});
    }
    return addresses;
}

/// The shortest of the chain's.
std::chrono::seconds ttl_of(ares_addrinfo const& list) {
    int ttl = std::numeric_limits<int>::max();
    for (auto const* node = list.nodes; node; node = node->ai_next)
        ttl = std::min(ttl, node->ai_ttl);
    for (auto const* cname = list.cnames; cname; cname = cname->next)
        ttl = std::min(ttl, cname->ttl);
    return std::chrono::seconds{ttl};
}

/// A c-ares channel whose sockets and time are the loop's.
class PlainDns final : public DnsTransport {
  public:
    PlainDns(EventLoop& loop, policy::Resolver const& where);
    ~PlainDns() override;
    PlainDns(PlainDns const&) = delete;
    PlainDns& operator=(PlainDns const&) = delete;

    void ask(std::string const& host, int family, Done done) override;

  private:
    /// c-ares opens and closes its sockets by itself, and says what it waits for.
    struct WatchedSocket final : Watched {
        WatchedSocket(PlainDns& channel_, int fd_)
            : channel(channel_)
            , fd(fd_) {}

        void on_ready(bool readable, bool writable, bool hung_up) override {
            channel.process(readable || hung_up ? fd : ARES_SOCKET_BAD, writable ? fd : ARES_SOCKET_BAD);
        }

        PlainDns& channel;
        int const fd;
    };

    void process(int readable, int writable);
    void wait_for_timeouts();

    static void on_socket_state(void* self, ares_socket_t fd, int readable, int writable);
    static void on_answer(void* done, int status, int timeouts, ares_addrinfo* list);

    EventLoop& loop_;
    ares_channel ares_ = nullptr; ///< null: `set_up_` says why
    int set_up_ = ARES_SUCCESS;
    std::map<int, std::unique_ptr<WatchedSocket>> sockets_;
    Deadline timeouts_;
};

PlainDns::PlainDns(EventLoop& loop, policy::Resolver const& where)
    : loop_(loop)
    , timeouts_(loop) {
    ares_options options{};
    // an error code is an answer, and no reason to ask again
    options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP;
    if (where.kind == policy::Resolver::Kind::tcp) options.flags |= ARES_FLAG_USEVC | ARES_FLAG_STAYOPEN;
    options.timeout = first_timeout_ms;
    options.tries = tries;
    options.ndots = 0;
    options.ndomains = 0;
    std::string lookups = "b"; // DNS only: no hosts file
    options.lookups = lookups.data();
    options.sock_state_cb = on_socket_state;
    options.sock_state_cb_data = this;
    set_up_ = ::ares_init_options(&ares_, &options,
                                  ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS |
                                      ARES_OPT_DOMAINS | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB);
    if (set_up_ != ARES_SUCCESS) return;
    auto const server = policy::bracketed(where.address) + ':' + std::to_string(where.port);
    set_up_ = ::ares_set_servers_ports_csv(ares_, server.c_str());
}

PlainDns::~PlainDns() {
    if (ares_) ::ares_destroy(ares_); // ends the questions that are left, and closes the sockets
}

void PlainDns::ask(std::string const& host, int family, Done done) {
    if (set_up_ != ARES_SUCCESS) return done(dns_failure(set_up_));
    ares_addrinfo_hints hints{};
    hints.ai_family = family;
    hints.ai_socktype = SOCK_STREAM;
    ::ares_getaddrinfo(ares_, host.c_str(), nullptr, &hints, on_answer,
                       new Done(std::move(done))); // on_answer takes it back
    wait_for_timeouts();
}

void PlainDns::on_answer(void* argument, int status, int, ares_addrinfo* list) {
    std::unique_ptr<Done> const done{static_cast<Done*>(argument)};
    AddressList const owned{list};
    if (status == ARES_EDESTRUCTION) return; // nobody is left to hear it
    if (status != ARES_SUCCESS) return (*done)(dns_failure(status));
    auto addresses = addresses_in(*owned);
    if (addresses.empty()) return (*done)(dns_failure(ARES_ENODATA));
    (*done)(DnsAnswer{std::move(addresses), ttl_of(*owned)});
}

void PlainDns::on_socket_state(void* self, ares_socket_t fd, int readable, int writable) {
    auto& channel = *static_cast<PlainDns*>(self);
    auto const known = channel.sockets_.find(fd);
    if (!readable && !writable) {
        if (known == channel.sockets_.end()) return;
        channel.loop_.unwatch(fd, *known->second);
        channel.sockets_.erase(known);
    } else if (known != channel.sockets_.end()) {
        channel.loop_.change(fd, *known->second, readable, writable);
    } else {
        auto const added = channel.sockets_.emplace(fd, std::make_unique<WatchedSocket>(channel, fd)).first;
        channel.loop_.watch(fd, *added->second, readable, writable);
    }
}

void PlainDns::process(int readable, int writable) {
    ::ares_process_fd(ares_, readable, writable);
    wait_for_timeouts();
}

void PlainDns::wait_for_timeouts() {
    timeval left{};
    if (!::ares_timeout(ares_, nullptr, &left)) return timeouts_.disarm();
    timeouts_.arm(std::chrono::seconds{left.tv_sec} + std::chrono::microseconds{left.tv_usec},
                  [this] { process(ARES_SOCKET_BAD, ARES_SOCKET_BAD); });
}

} // namespace

std::unique_ptr<DnsTransport> make_plain_dns(EventLoop& loop, policy::Resolver const& where) {
    return std::make_unique<PlainDns>(loop, where);
}

} // namespace alert40::net
