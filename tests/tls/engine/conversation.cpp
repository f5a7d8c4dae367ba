#include "tls/engine/conversation.hpp"

#include <algorithm>
#include <stdexcept>

namespace alert40::test {

using tls::engine::Connection;
using tls::engine::Progress;
using tls::engine::Status;

World const& world() {
    static World const made;
    return made;
}

tls::Profile trusting_profile() {
    tls::Profile profile;
    profile.name = "test";
    profile.verify.ca_file = world().ca.path();
    return profile;
}

std::shared_ptr<tls::engine::ClientContext const> make_context(tls::Profile profile) {
    auto made = tls::engine::ClientContext::make(std::move(profile));
    if (!made) throw std::runtime_error(made.error());
    return *made;
}

tls::engine::ClientOptions for_origin() {
    tls::engine::ClientOptions options;
    options.target_name = "origin.test";
    return options;
}

Conversation::Conversation(std::shared_ptr<tls::engine::ClientContext const> context, TlsServer const& server,
                           tls::engine::ClientOptions options)
    : client_(Connection::make_client(std::move(context), std::move(options)))
    , server_(server) {}

void Conversation::run() {
    run([](Bytes bytes) { return bytes; });
}

void Conversation::run(std::function<Bytes(Bytes)> const& on_path) {
    client_->advance();
    for (;;) {
        auto const from_client = client_->output().data();
        Bytes const to_server(from_client.begin(), from_client.end());
        client_->output().clear();
        if (!to_server.empty()) server_.feed(to_server);
        auto const to_client = on_path(server_.take_output());
        if (to_server.empty() && to_client.empty()) return;
        for (std::size_t at = 0; at < to_client.size(); at += client_gets_at_once) {
            client_->feed(
                std::span(to_client).subspan(at, std::min(client_gets_at_once, to_client.size() - at)));
            client_->advance();
            client_->keep_input();
        }
    }
}

std::string Conversation::read_all() {
    std::string text, buffer(5000, '\0');
    for (;;) {
        auto const got = client_->read({reinterpret_cast<std::uint8_t*>(buffer.data()), buffer.size()});
        last = got.status;
        if (last != Status::ok) return text;
        text.append(buffer, 0, got.bytes);
    }
}

std::span<std::uint8_t const> bytes_of(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

void only_version(SSL_CTX* context, int version) {
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
}

std::vector<Bytes> records_of(std::span<std::uint8_t const> flight) {
    std::vector<Bytes> records;
    while (flight.size() >= 5) {
        auto const size = std::min<std::size_t>(5u + (flight[3] << 8 | flight[4]), flight.size());
        records.emplace_back(flight.begin(), flight.begin() + static_cast<std::ptrdiff_t>(size));
        flight = flight.subspan(size);
    }
    return records;
}

} // namespace alert40::test
