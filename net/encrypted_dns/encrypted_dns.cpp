#include "net/encrypted_dns/encrypted_dns.hpp"

#include "net/byte_stream.hpp"
#include "net/dial.hpp"
#include "net/duration_text.hpp"
#include "net/encrypted_dns/dns_framing.hpp"
#include "net/loop/deadline.hpp"
#include "net/loop/event_loop.hpp"
#include "policy/origin.hpp"
#include "tls/profile.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace alert40::net {

namespace {

using namespace std::chrono_literals;
using tls::FailureKind;
using tls::engine::Status;

constexpr policy::Timeouts of_a_dial{.connect = 4s, .handshake = 4s, .total = 6s};
constexpr std::chrono::milliseconds patience = 5s; ///< from one answer to the next
constexpr std::chrono::seconds idle_for{15};

tls::Profile profile_for(policy::Resolver const& where) {
    auto profile = *tls::built_in_profile("modern");
    profile.alpn = {where.kind == policy::Resolver::Kind::https ? "h2" : "dot"};
    return profile;
}

policy::Origin origin_of(policy::Resolver const& where) {
    return {.scheme = "https", .host = where.address, .port = where.port};
}

/// Why a server cannot be asked.
std::string reason_of(tls::Failure const& failure) {
    auto const words =
        failure.alert ? text_of(failure.alert->description) : std::string(name_of(failure.kind));
    return (failure.detail.empty() ? words : failure.detail) + " (" + std::string(name_of(failure.phase)) +
           ')';
}

/// An established connection to a server. It hears of what happens there, as long as anybody does.
class DnsConnection final : ByteStream::Owner {
  public:
    struct Listener {
        virtual void answered(std::vector<DnsFraming::Answered> const& answers) = 0;
        /// It is of no use any more; `reason` is one line.
        virtual void lost(std::string const& reason) = 0;

      protected:
        ~Listener() = default;
    };

    DnsConnection(EventLoop& loop, Dialled dialled, std::unique_ptr<DnsFraming> framing, Listener& listener)
        : framing_(std::move(framing))
        , stream_(loop, std::move(dialled.socket), std::move(dialled.tls), tls::By::upstream)
        , listener_(&listener) {
        stream_.start(*this);
        framing_->begin(stream_.output());
        stream_.flush_soon();
    }

    void ask(std::uint16_t number, DnsMessage const& question) {
        framing_->ask(number, question, stream_.output());
        stream_.flush_soon();
    }

    bool has_answered() const { return has_answered_; }

    /// Ends it in a later turn, in silence.
    static void leave(EventLoop& loop, std::unique_ptr<DnsConnection> connection) {
        if (connection) connection->listener_ = nullptr;
        loop.destroy_later(std::move(connection));
    }

  private:
    void on_readable() override {
        std::array<std::uint8_t, 4096> buffer;
        while (listener_) {
            auto const got = stream_.read(buffer);
            switch (got.status) {
            case Status::want_input: return stream_.flush_soon();
            case Status::failed: return on_broken(stream_.failure());
            case Status::closed: return listener_->lost("it closed the connection");
            case Status::ok: take(std::span{buffer}.first(got.bytes));
            }
        }
    }

    void on_drained() override {}

    void on_broken(tls::Failure const& failure) override {
        if (listener_) listener_->lost(reason_of(failure));
    }

    void take(std::span<std::uint8_t const> bytes) {
        std::vector<DnsFraming::Answered> answers;
        auto const end = framing_->take(bytes, stream_.output(), answers);
        has_answered_ |= !answers.empty();
        if (!answers.empty()) listener_->answered(answers);
        if (end && listener_) listener_->lost(*end);
    }

    std::unique_ptr<DnsFraming> framing_;
    ByteStream stream_;
    Listener* listener_; ///< null: left
    bool has_answered_ = false;
};

/// No connection -> a dial, when a question comes -> a connection -> none, when no question has come for a
/// while, or when the server ends it.
class EncryptedDnsServer final : public DnsTransport, public DnsConnection::Listener {
  public:
    EncryptedDnsServer(EventLoop& loop, Resolver& resolver, policy::Resolver where)
        : loop_(loop)
        , resolver_(resolver)
        , where_(std::move(where))
        , patience_(loop)
        , idle_(loop) {}

    ~EncryptedDnsServer() override { disconnect(); }

    void ask(std::string const& host, int family, Done done) override {
        auto question = dns_question(host, family);
        if (!question) return done(question.error());
        if (waiting_.empty()) await();
        auto& asked = waiting_.emplace_back(Waiting{next_++, std::move(*question), family, std::move(done)});
        if (connection_)
            connection_->ask(asked.number, asked.question);
        else if (!dial_)
            dial();
    }

  private:
    struct Waiting {
        std::uint16_t number;
        DnsMessage question;
        int family;
        Done done;
        bool sent_before = false; ///< over a connection that is gone
    };

    void await() {
        idle_.disarm();
        patience_.arm(patience, [this] {
            fail_all(FailureKind::timeout, "no answer within " + duration_text(patience));
        });
    }

    void dial() {
        if (!context_) {
            auto made = tls::engine::ClientContext::make(profile_for(where_));
            if (!made) return fail_all(FailureKind::library, made.error());
            context_ = *made;
        }
        DialRequest request;
        request.origin = origin_of(where_);
        request.via.kind = policy::Via::Kind::direct;
        request.timeouts = of_a_dial;
        request.context = context_;
        request.options.target_name = where_.address;
        request.options.session_key = where_.text();
        dial_ = start_dial(loop_, resolver_, std::move(request),
                           [this](Dialled dialled) { connected(std::move(dialled)); });
    }

    void connected(Dialled dialled) {
        dial_.reset();
        if (auto const& failure = dialled.report.failure)
            return fail_all(failure->kind == FailureKind::timeout ? FailureKind::timeout : FailureKind::dns,
                            "the server cannot be asked: " + reason_of(*failure));
        bool const https = where_.kind == policy::Resolver::Kind::https;
        if (https && dialled.tls->alpn() != "h2")
            return fail_all(FailureKind::dns, "the server cannot be asked: it does not speak HTTP/2");
        connection_ = std::make_unique<DnsConnection>(
            loop_, std::move(dialled),
            https ? make_https_framing(origin_of(where_).authority(), where_.path) : make_tls_framing(),
            *this);
        for (auto const& one : waiting_)
            connection_->ask(one.number, one.question);
    }

    void answered(std::vector<DnsFraming::Answered> const& answers) override {
        for (auto const& [number, message] : answers)
            answer(number, message);
        if (!waiting_.empty()) return await();
        patience_.disarm();
        idle_.arm(idle_for, [this] { disconnect(); });
    }

    void answer(std::uint16_t number, boost::system::result<DnsMessage, std::string> const& message) {
        auto const asked = std::ranges::find(waiting_, number, &Waiting::number);
        if (asked == waiting_.end()) return;
        auto const one = std::move(*asked);
        waiting_.erase(asked);
        if (message)
            one.done(dns_answer(*message, one.family));
        else
            one.done(DnsFailure{FailureKind::dns, message.error()});
    }

    /// A server may end a connection while a question is on its way (RFC 7766 section 6.2.3): then it is
    /// asked once more, over another one.
    void lost(std::string const& reason) override {
        bool const was_of_use = connection_->has_answered();
        disconnect();
        if (waiting_.empty()) return patience_.disarm();
        bool const asked_twice = std::ranges::any_of(waiting_, &Waiting::sent_before);
        if (!was_of_use || asked_twice) return fail_all(FailureKind::dns, reason);
        for (auto& one : waiting_)
            one.sent_before = true;
        dial();
    }

    void disconnect() {
        idle_.disarm();
        dial_.reset();
        DnsConnection::leave(loop_, std::move(connection_));
    }

    void fail_all(FailureKind kind, std::string const& reason) {
        patience_.disarm();
        disconnect();
        for (auto const& one : std::exchange(waiting_, {}))
            one.done(DnsFailure{kind, reason});
    }

    EventLoop& loop_;
    Resolver& resolver_;
    policy::Resolver const where_;
    std::shared_ptr<tls::engine::ClientContext const> context_; ///< with the sessions that it gave
    std::unique_ptr<Dial> dial_;
    std::unique_ptr<DnsConnection> connection_;
    std::vector<Waiting> waiting_;
    std::uint16_t next_ = 0;
    Deadline patience_, idle_;
};

} // namespace

std::unique_ptr<DnsTransport> make_encrypted_dns(EventLoop& loop, Resolver& resolver,
                                                 policy::Resolver const& where) {
    return std::make_unique<EncryptedDnsServer>(loop, resolver, where);
}

} // namespace alert40::net
