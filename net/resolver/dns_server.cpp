#include "net/resolver/dns_server.hpp"

#include "net/loop/deadline.hpp"
#include "net/loop/event_loop.hpp"
#include "net/resolver/answer_cache.hpp"
#include "net/resolver/destination_order.hpp"

#include <ares.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <limits>
#include <map>
#include <utility>

namespace alert40::net {

namespace {

constexpr std::size_t most_questions = 1024;
constexpr std::size_t most_addresses = 64;
constexpr int first_timeout_ms = 1000; ///< c-ares doubles it with each try
constexpr int tries = 3;
constexpr std::chrono::milliseconds for_aaaa{50}; ///< RFC 8305: "Resolution Delay"
/// Of A after AAAA: RFC 8305 would go on at once and add A later, but not try it before its "Connection
/// Attempt Delay" is over.
constexpr std::chrono::milliseconds for_a{250};

std::string reason_of(int status) {
    switch (status) {
    case ARES_ENOTFOUND: return "no such name (NXDOMAIN)";
    case ARES_ENODATA: return "the name has no address";
    case ARES_ESERVFAIL: return "the server failed (SERVFAIL)";
    case ARES_EREFUSED: return "the server refuses to answer (REFUSED)";
    case ARES_EFORMERR: return "the server did not understand the question (FORMERR)";
    case ARES_ENOTIMP: return "the server does not implement the question (NOTIMP)";
    case ARES_EBADRESP: return "the server's answer is malformed";
    case ARES_EBADNAME: return "not a name that DNS can carry";
    case ARES_ECONNREFUSED: return "the server cannot be reached";
    case ARES_ETIMEOUT: return "no answer";
    default: return ::ares_strerror(status);
    }
}

struct AddrinfoDeleter {
    void operator()(ares_addrinfo* list) const { ::ares_freeaddrinfo(list); }
};

using AddressList = std::unique_ptr<ares_addrinfo, AddrinfoDeleter>;

std::vector<ResolvedAddress> addresses_in(ares_addrinfo const& list) {
    std::vector<ResolvedAddress> addresses;
    for (auto const* node = list.nodes; node && addresses.size() < most_addresses; node = node->ai_next) {
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

} // namespace

/// A c-ares channel whose sockets and time are the loop's.
struct DnsServer::Channel {
    /// c-ares opens and closes its sockets by itself, and says what it waits for.
    struct WatchedSocket final : Watched {
        WatchedSocket(Channel& channel_, int fd_)
            : channel(channel_)
            , fd(fd_) {}

        void on_ready(bool readable, bool writable, bool hung_up) override {
            channel.process(readable || hung_up ? fd : ARES_SOCKET_BAD, writable ? fd : ARES_SOCKET_BAD);
        }

        Channel& channel;
        int const fd;
    };

    struct Question;

    Channel(EventLoop& loop_, policy::Resolver where_);
    ~Channel();

    void ask(std::string host, std::shared_ptr<Lookup> lookup);
    void process(int readable, int writable);
    void wait_for_timeouts();
    void answer_later(std::shared_ptr<Lookup> lookup, Resolver::Answer answer);
    tls::Failure failure_of(std::string const& host, int status) const;

    static void on_socket_state(void* self, ares_socket_t fd, int readable, int writable);

    EventLoop& loop;
    policy::Resolver const where;
    std::string const name = where.text();
    ares_channel ares = nullptr; ///< null: `set_up` says why
    int set_up = ARES_SUCCESS;
    std::map<int, std::unique_ptr<WatchedSocket>> sockets;
    Deadline timeouts;
    std::size_t questions = 0;
    AnswerCache cache;
};

/// One name: A and AAAA are asked at the same time (RFC 8305 section 3). The addresses of one wait a little
/// for those of the other, because a race has all its runners from the start; what comes later still, the
/// cache learns.
struct DnsServer::Channel::Question {
    /// What c-ares gives back with the answer of one family.
    struct Half {
        std::shared_ptr<Question> question; ///< shared by its two halves: lives until both are answered
        int family;
    };

    Question(Channel& channel_, std::string host_, std::shared_ptr<Lookup> lookup_)
        : channel(channel_)
        , host(std::move(host_))
        , lookup(std::move(lookup_))
        , resolution_delay(channel_.loop) {
        ++channel.questions;
    }

    ~Question() { --channel.questions; }

    static void ask(Channel& channel, std::string host, std::shared_ptr<Lookup> lookup);
    static void on_answer(void* half, int status, int timeouts, ares_addrinfo* list);
    void take(int family, int status, AddressList list);
    void answer();

    Channel& channel;
    std::string const host;
    std::shared_ptr<Lookup> lookup; ///< null: it has its answer
    std::vector<ResolvedAddress> addresses;
    std::chrono::seconds ttl = AnswerCache::longest;
    AnswerCache::Clock::time_point since; ///< when the first addresses came
    int failure = ARES_ENODATA;           ///< the one that says most
    unsigned waiting = 2;                 ///< families
    Deadline resolution_delay;
};

DnsServer::Channel::Channel(EventLoop& loop_, policy::Resolver where_)
    : loop(loop_)
    , where(std::move(where_))
    , timeouts(loop_) {
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
    set_up = ::ares_init_options(&ares, &options,
                                 ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS |
                                     ARES_OPT_DOMAINS | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB);
    if (set_up != ARES_SUCCESS) return;
    bool const bracketed = where.address.find(':') != std::string::npos;
    auto const address = bracketed ? '[' + where.address + ']' : where.address;
    set_up = ::ares_set_servers_ports_csv(ares, (address + ':' + std::to_string(where.port)).c_str());
}

DnsServer::Channel::~Channel() {
    if (ares) ::ares_destroy(ares); // ends the questions that are left, and closes the sockets
}

void DnsServer::Channel::ask(std::string host, std::shared_ptr<Lookup> lookup) {
    if (auto const* known = cache.find(host, AnswerCache::Clock::now()))
        return answer_later(std::move(lookup), *known);
    if (set_up != ARES_SUCCESS) return answer_later(std::move(lookup), failure_of(host, set_up));
    if (questions >= most_questions)
        return answer_later(std::move(lookup),
                            lookup_failure(tls::FailureKind::dns,
                                           host + ": too many questions wait at " + name, tls::By::local));
    Question::ask(*this, std::move(host), std::move(lookup));
    wait_for_timeouts();
}

void DnsServer::Channel::Question::ask(Channel& channel, std::string host, std::shared_ptr<Lookup> lookup) {
    auto const question = std::make_shared<Question>(channel, std::move(host), std::move(lookup));
    for (int const family : {AF_INET, AF_INET6}) {
        ares_addrinfo_hints hints{};
        hints.ai_family = family;
        hints.ai_socktype = SOCK_STREAM;
        ::ares_getaddrinfo(channel.ares, question->host.c_str(), nullptr, &hints, on_answer,
                           new Half{question, family}); // on_answer takes it back
    }
}

void DnsServer::Channel::Question::on_answer(void* argument, int status, int, ares_addrinfo* list) {
    std::unique_ptr<Half> const half{static_cast<Half*>(argument)};
    AddressList owned{list};
    if (status == ARES_EDESTRUCTION) return; // nobody is left to hear it
    half->question->take(half->family, status, std::move(owned));
}

void DnsServer::Channel::Question::take(int family, int status, AddressList list) {
    --waiting;
    auto const found = status == ARES_SUCCESS ? addresses_in(*list) : std::vector<ResolvedAddress>{};
    if (!found.empty()) {
        if (addresses.empty()) since = AnswerCache::Clock::now();
        addresses.insert(addresses.end(), found.begin(), found.end());
        ttl = std::min(ttl, ttl_of(*list));
        sort_destinations(addresses);
        channel.cache.keep(host, addresses, ttl, since);
    } else if (status != ARES_SUCCESS && failure == ARES_ENODATA) {
        failure = status;
    }
    if (waiting == 0) return answer();
    if (found.empty()) return;
    if (family == AF_INET)
        resolution_delay.arm(for_aaaa, [this] { answer(); });
    else if (source_by_route(found.front().address)) // without IPv6 here, A is all there is
        resolution_delay.arm(for_a, [this] { answer(); });
}

void DnsServer::Channel::Question::answer() {
    resolution_delay.disarm();
    if (!lookup) return;
    if (addresses.empty()) return channel.answer_later(std::move(lookup), channel.failure_of(host, failure));
    channel.answer_later(std::move(lookup), addresses);
}

void DnsServer::Channel::on_socket_state(void* self, ares_socket_t fd, int readable, int writable) {
    auto& channel = *static_cast<Channel*>(self);
    auto const known = channel.sockets.find(fd);
    if (!readable && !writable) {
        if (known == channel.sockets.end()) return;
        channel.loop.unwatch(fd, *known->second);
        channel.sockets.erase(known);
    } else if (known != channel.sockets.end()) {
        channel.loop.change(fd, *known->second, readable, writable);
    } else {
        auto const added = channel.sockets.emplace(fd, std::make_unique<WatchedSocket>(channel, fd)).first;
        channel.loop.watch(fd, *added->second, readable, writable);
    }
}

void DnsServer::Channel::process(int readable, int writable) {
    ::ares_process_fd(ares, readable, writable);
    wait_for_timeouts();
}

void DnsServer::Channel::wait_for_timeouts() {
    timeval left{};
    if (!::ares_timeout(ares, nullptr, &left)) return timeouts.disarm();
    timeouts.arm(std::chrono::seconds{left.tv_sec} + std::chrono::microseconds{left.tv_usec},
                 [this] { process(ARES_SOCKET_BAD, ARES_SOCKET_BAD); });
}

/// In a later turn, when c-ares is no longer on the stack and may be destroyed.
void DnsServer::Channel::answer_later(std::shared_ptr<Lookup> lookup, Resolver::Answer answer) {
    loop.post([lookup = std::move(lookup), answer = std::move(answer)] { lookup->answer(answer); });
}

tls::Failure DnsServer::Channel::failure_of(std::string const& host, int status) const {
    auto const kind = status == ARES_ETIMEOUT ? tls::FailureKind::timeout : tls::FailureKind::dns;
    return lookup_failure(kind, host + ": " + reason_of(status) + " (" + name + ')');
}

DnsServer::DnsServer(EventLoop& loop, policy::Resolver where)
    : channel_(std::make_unique<Channel>(loop, std::move(where))) {}

DnsServer::~DnsServer() = default;

bool DnsServer::is(policy::Resolver const& where) const {
    return channel_->where == where;
}

bool DnsServer::idle() const {
    return channel_->questions == 0;
}

void DnsServer::start(std::string host, std::shared_ptr<Lookup> lookup) {
    channel_->ask(std::move(host), std::move(lookup));
}

} // namespace alert40::net
