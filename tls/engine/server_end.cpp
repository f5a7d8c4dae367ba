#include "tls/engine/server_end.hpp"

#include "tls/engine/identity_state.hpp"
#include "tls/engine/openssl_error.hpp"
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
    io.copy_reads(&answer_->input, max_hello);
    set_up();
}

void ServerEnd::set_up() {
    if (auto const& forced = answer_->options.alpn_forced; forced && forced->size() > max_protocol)
        return fail_locally("a protocol's name has at most 255 bytes");
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
    switch (wire::HandshakeType{message[0]}) {
    case wire::HandshakeType::client_hello:
        // OpenSSL reads record by record: what was read so far is the hello, byte for byte.
        io.copy_reads(nullptr);
        if (handshaking->transcript.hello_bytes().empty())
            handshaking->transcript.set_hello_bytes(std::exchange(answer_->input, {}));
        break;
    case wire::HandshakeType::certificate:
        if (direction == Direction::sent)
            handshaking->transcript.set_certificates(answer_->options.identity->state().summaries);
        break;
    default: break;
    }
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
