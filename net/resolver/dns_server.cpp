#include "net/resolver/dns_server.hpp"

#include "net/loop/deadline.hpp"
#include "net/loop/event_loop.hpp"
#include "net/resolver/answer_cache.hpp"
#include "net/resolver/destination_order.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace alert40::net {

namespace {

constexpr std::size_t most_questions = 1024;
constexpr std::chrono::milliseconds for_aaaa{50}; ///< RFC 8305: "Resolution Delay"
/// Of A after AAAA: RFC 8305 would go on at once and add A later, but not try it before its "Connection
/// Attempt Delay" is over.
constexpr std::chrono::milliseconds for_a{250};

} // namespace

struct DnsServer::State {
    struct Question;

    State(EventLoop& loop_, policy::Resolver where_, std::unique_ptr<DnsTransport> transport_)
        : loop(loop_)
        , where(std::move(where_))
        , name(where.text())
        , transport(std::move(transport_)) {}

    void ask(std::string host, std::shared_ptr<Lookup> lookup);
    void answer_later(std::shared_ptr<Lookup> lookup, Resolver::Answer answer);

    EventLoop& loop;
    policy::Resolver const where;
    std::string const name;
    std::size_t questions = 0;
    AnswerCache cache;
    std::unique_ptr<DnsTransport> transport; ///< destroyed first: it holds questions
};

/// One name: A and AAAA are asked at the same time (RFC 8305 section 3). The addresses of one wait a little
/// for those of the other, because a race has all its runners from the start; what comes later still, the
/// cache learns. Shared by the two questions that are under way.
struct DnsServer::State::Question {
    Question(State& server_, std::string host_, std::shared_ptr<Lookup> lookup_)
        : server(server_)
        , host(std::move(host_))
        , lookup(std::move(lookup_))
        , resolution_delay(server_.loop) {
        ++server.questions;
    }

    ~Question() { --server.questions; }

    void take(int family, boost::system::result<DnsAnswer, DnsFailure> found);
    void answer();

    State& server;
    std::string const host;
    std::shared_ptr<Lookup> lookup; ///< null: it has its answer
    std::vector<ResolvedAddress> addresses;
    std::chrono::seconds ttl = AnswerCache::longest;
    AnswerCache::Clock::time_point since; ///< when the first addresses came
    std::optional<DnsFailure> failure;    ///< the one that says most
    unsigned waiting = 2;                 ///< families
    Deadline resolution_delay;
};

void DnsServer::State::ask(std::string host, std::shared_ptr<Lookup> lookup) {
    if (auto const* known = cache.find(host, AnswerCache::Clock::now()))
        return answer_later(std::move(lookup), *known);
    if (questions >= most_questions)
        return answer_later(std::move(lookup),
                            lookup_failure(tls::FailureKind::dns,
                                           host + ": too many questions wait at " + name, tls::By::local));
    auto const question = std::make_shared<Question>(*this, std::move(host), std::move(lookup));
    for (int const family : {AF_INET, AF_INET6})
        transport->ask(question->host, family,
                       [question, family](auto found) { question->take(family, std::move(found)); });
}

void DnsServer::State::Question::take(int family, boost::system::result<DnsAnswer, DnsFailure> found) {
    --waiting;
    if (found) {
        if (addresses.empty()) since = AnswerCache::Clock::now();
        addresses.insert(addresses.end(), found->addresses.begin(), found->addresses.end());
        ttl = std::min(ttl, found->ttl);
        sort_destinations(addresses);
        server.cache.keep(host, addresses, ttl, since);
    } else if (!failure || failure->no_data) {
        failure = found.error();
    }
    if (waiting == 0) return answer();
    if (!found) return;
    if (family == AF_INET)
        resolution_delay.arm(for_aaaa, [this] { answer(); });
    else if (source_by_route(found->addresses.front().address)) // without IPv6 here, A is all there is
        resolution_delay.arm(for_a, [this] { answer(); });
}

void DnsServer::State::Question::answer() {
    resolution_delay.disarm();
    if (!lookup) return;
    if (!addresses.empty()) return server.answer_later(std::move(lookup), addresses);
    server.answer_later(std::move(lookup), lookup_failure(failure->kind, host + ": " + failure->reason +
                                                                             " (" + server.name + ')'));
}

/// In a later turn, when the transport is no longer on the stack and may be destroyed.
void DnsServer::State::answer_later(std::shared_ptr<Lookup> lookup, Resolver::Answer answer) {
    loop.post([lookup = std::move(lookup), answer = std::move(answer)] { lookup->answer(answer); });
}

DnsServer::DnsServer(EventLoop& loop, policy::Resolver where, std::unique_ptr<DnsTransport> transport)
    : state_(std::make_unique<State>(loop, std::move(where), std::move(transport))) {}

DnsServer::~DnsServer() = default;

bool DnsServer::is(policy::Resolver const& where) const {
    return state_->where == where;
}

bool DnsServer::idle() const {
    return state_->questions == 0;
}

void DnsServer::start(std::string host, std::shared_ptr<Lookup> lookup) {
    state_->ask(std::move(host), std::move(lookup));
}

} // namespace alert40::net
