#include "net/resolver/system_lookup.hpp"

#include "net/loop/event_loop.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace alert40::net {

namespace {

constexpr std::size_t most_threads = 8; ///< a name server that is down holds one for half a minute
constexpr std::size_t most_waiting = 1024;
constexpr std::size_t most_addresses = 64;

using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

tls::Failure failure_of(std::string const& host, int code) {
    bool const no_answer = code == EAI_AGAIN;
    std::string const reason = code == EAI_NONAME   ? "no such name"
                               : code == EAI_NODATA ? "the name has no address"
                               : no_answer          ? "no answer from the name servers"
                               : code == EAI_SYSTEM ? std::generic_category().message(errno)
                                                    : ::gai_strerror(code);
    return lookup_failure(tls::FailureKind::dns, host + ": " + reason + " (system resolver)");
}

Resolver::Answer look_up(std::string const& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM; // each address once
    addrinfo* found = nullptr;
    if (int const code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); code != 0)
        return failure_of(host, code);
    AddressList const list{found, &::freeaddrinfo};

    std::vector<ResolvedAddress> addresses;
    for (auto const* one = list.get(); one && addresses.size() < most_addresses; one = one->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0,
                          NI_NUMERICHOST) == 0)
            addresses.push_back({text.data()});
    }
    if (addresses.empty()) return failure_of(host, EAI_NODATA);
    return addresses;
}

} // namespace

struct SystemLookup::Workers {
    struct Task {
        std::string host;
        std::shared_ptr<Lookup> lookup;
    };

    std::mutex mutex;
    std::condition_variable wake;
    EventLoop* loop; ///< null once nobody is interested; then its threads end
    std::deque<Task> waiting;
    std::size_t threads = 0;
    std::size_t idle = 0;

    explicit Workers(EventLoop& loop_)
        : loop(&loop_) {}

    void work() {
        std::unique_lock lock{mutex};
        for (;;) {
            ++idle;
            wake.wait(lock, [this] { return !loop || !waiting.empty(); });
            --idle;
            if (!loop) return;
            auto task = std::move(waiting.front());
            waiting.pop_front();
            lock.unlock();
            auto answer = look_up(task.host);
            lock.lock();
            hand_over(std::move(task.lookup), std::move(answer));
        }
    }

    /// With the lock held, so that the loop outlives the call. The lookup itself is touched on the loop's
    /// thread only.
    void hand_over(std::shared_ptr<Lookup> lookup, Resolver::Answer answer) {
        if (!loop) return;
        loop->post([lookup = std::move(lookup), answer = std::move(answer)] { lookup->answer(answer); });
    }
};

SystemLookup::SystemLookup(EventLoop& loop)
    : workers_(std::make_shared<Workers>(loop)) {}

SystemLookup::~SystemLookup() {
    if (!workers_) return;
    std::lock_guard const lock{workers_->mutex};
    workers_->loop = nullptr;
    workers_->waiting.clear();
    workers_->wake.notify_all();
}

void SystemLookup::start(std::string host, std::shared_ptr<Lookup> lookup) {
    std::lock_guard const lock{workers_->mutex};
    auto& waiting = workers_->waiting;
    std::erase_if(waiting, [](auto const& task) { return !task.lookup->done; });
    if (waiting.size() >= most_waiting) {
        workers_->hand_over(std::move(lookup),
                            lookup_failure(tls::FailureKind::dns,
                                           host + ": too many names are being looked up", tls::By::local));
        return;
    }
    waiting.push_back({std::move(host), std::move(lookup)});
    if (workers_->idle < waiting.size() && workers_->threads < most_threads) {
        std::thread{[workers = workers_] { workers->work(); }}.detach();
        ++workers_->threads;
    }
    workers_->wake.notify_one();
}

} // namespace alert40::net
