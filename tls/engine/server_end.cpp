#include "tls/engine/server_end.hpp"

#include "tls/engine/identity_state.hpp"
#include "tls/engine/openssl_error.hpp"
#include "tls/engine/sealed_alert.hpp"
#include "tls/wire/handshake_message.hpp"

#include <algorithm>

namespace alert40::tls::engine {
namespace {

constexpr std::size_t max_hello = 64 * 1024; ///< bytes; a larger one is served, and not kept

constexpr std::size_t max_protocol = 255; // RFC 7301 section 3.1

/// 42 to 46, 48: what a client says of a certificate.
bool is_about_certificate(AlertDescription description) {
    return (description >= AlertDescription::bad_certificate &&
            description <= AlertDescription::certificate_unknown) ||
           description == AlertDescription::unknown_ca;
}

/// `name` in a ProtocolNameList without its length; empty: it is not there.
std::span<std::uint8_t const> find_protocol(std::span<std::uint8_t const> list, std::string_view name) {
    while (!list.empty() && list[0] < list.size()) {
        auto const protocol = list.subspan(1, list[0]);
        if (std::ranges::equal(protocol, name, {}, {}, [](char c) { return static_cast<std::uint8_t>(c); }))
            return protocol;
        list = list.subspan(1 + protocol.size());
    }
    return {};
}

} // namespace

ServerEnd::ServerEnd(std::shared_ptr<ServerContext const> context, ServerOptions options)
    : State(context->state().context.get(), End::server)
    , context_(std::move(context))
    , answer_(std::make_unique<Answer>()) {
    answer_->options = std::move(options);
    if (answer_->options.fault) answer_->flight.emplace(*answer_->options.fault);
    io.copy_reads(&answer_->input, max_hello);
    set_up();
}

void ServerEnd::set_up() {
    if (auto const& forced = answer_->options.alpn_forced; forced && forced->size() > max_protocol)
        return fail_locally("a protocol's name has at most 255 bytes");
    if (answer_->options.largest_record)
        SSL_set_max_send_fragment(ssl.get(), static_cast<long>(answer_->options.largest_record));
    if (!answer_->options.identity) return fail_locally("there is no certificate to show");
    auto const& identity = answer_->options.identity->state();
    if (SSL_use_cert_and_key(ssl.get(), identity.leaf.get(), identity.key.get(), identity.issuers.get(), 1) !=
            1 ||
        SSL_set_session_id_context(ssl.get(), identity.id.data(),
                                   static_cast<unsigned>(identity.id.size())) != 1)
        fail_locally("the certificate cannot be used: " + take_openssl_error());
}

/// Some clients look at the certificate when the handshake is over.
void ServerEnd::explain(Failure& why) const {
    if (progress == Progress::established && !has_read && why.by == By::downstream && why.alert &&
        is_about_certificate(why.alert->description))
        why.phase = Phase::finished;
}

void ServerEnd::forget_handshake() {
    State::forget_handshake();
    io.copy_reads(nullptr);
    answer_.reset();
}

void ServerEnd::on_handshake_message(Direction direction, std::span<std::uint8_t const> message) noexcept {
    State::on_handshake_message(direction, message);
    if (!answer_ || message.empty()) return;
    auto& flight = answer_->flight;
    if (flight && direction == Direction::sent) flight->on_sent(message[0]);
    switch (wire::HandshakeType{message[0]}) {
    case wire::HandshakeType::client_hello:
        // OpenSSL reads record by record: what was read so far is the hello, byte for byte.
        io.copy_reads(nullptr);
        if (handshaking->transcript.hello_bytes().empty())
            handshaking->transcript.set_hello_bytes(std::exchange(answer_->input, {}));
        break;
    case wire::HandshakeType::certificate:
        if (direction == Direction::sent && !(flight && flight->ends_before_certificate()))
            handshaking->transcript.set_certificates(answer_->options.identity->state().summaries);
        break;
    case wire::HandshakeType::new_session_ticket: ++tickets_; break;
    default: break;
    }
}

void ServerEnd::on_secret(std::string_view line) noexcept {
    auto told = parse_secret_line(line);
    if (!told) return;
    if (told->label == "SERVER_HANDSHAKE_TRAFFIC_SECRET" && answer_ && answer_->flight)
        answer_->flight->on_secret(std::move(told->secret));
    else if (told->label == "SERVER_TRAFFIC_SECRET_0")
        traffic_secret_ = std::move(told->secret);
}

void ServerEnd::after_step() {
    if (!answer_ || !answer_->flight) return;
    auto& flight = *answer_->flight;
    auto const& fault = flight.fault();
    switch (flight.edit(ssl.get(), io.output())) {
    case FaultyFlight::Outcome::not_yet:
    case FaultyFlight::Outcome::goes_on: return;
    case FaultyFlight::Outcome::impossible:
        return fail_locally("this alert cannot be made with the version and the cipher that were agreed on");
    case FaultyFlight::Outcome::ended: break;
    }
    auto const phase =
        fault.place == FlightFault::Place::for_certificate ? Phase::certificate : Phase::server_hello;
    on_alert(*fault.alert);
    fail({By::local, phase, FailureKind::alert, fault.alert, ""});
}

bool ServerEnd::send_last_alert(Alert alert) {
    constexpr std::uint64_t after_finished = 1;
    SealedAlert sealed;
    if (SSL_version(ssl.get()) == TLS1_3_VERSION)
        sealed = sealed_alert_13(ssl.get(), traffic_secret_.bytes(), tickets_, alert);
    else if (SSL_version(ssl.get()) == TLS1_2_VERSION)
        sealed = sealed_alert_12(ssl.get(), after_finished, alert);
    if (!sealed) return false;
    io.output().append(*sealed);
    return said_last = true;
}

/// The one that is forced, or the first of ours that the client offers.
std::optional<std::span<std::uint8_t const>>
ServerEnd::choose_protocol(std::span<std::uint8_t const> offered) noexcept {
    using Choice = std::span<std::uint8_t const>;
    if (!answer_) return Choice{};
    auto const& options = answer_->options;
    if (auto const& forced = options.alpn_forced)
        return Choice{reinterpret_cast<std::uint8_t const*>(forced->data()), forced->size()};
    for (auto const& name : options.alpn)
        if (auto const found = find_protocol(offered, name); !found.empty()) return found;
    if (options.refuse_without_alpn_overlap) return std::nullopt;
    return Choice{};
}

} // namespace alert40::tls::engine
