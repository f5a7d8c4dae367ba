#pragma once

#include "tls/engine/connection.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::test {

/// Two ends of ours that talk to each other over memory.
struct TlsPair {
    using Connection = tls::engine::Connection;
    using Bytes = std::vector<std::uint8_t>;

    std::unique_ptr<Connection> client;
    std::unique_ptr<Connection> server;

    /// Passes bytes to and fro until both are silent; what a side sends goes through its path first.
    void run(std::function<Bytes(Bytes)> const& to_server = {},
             std::function<Bytes(Bytes)> const& to_client = {}) {
        client->advance();
        for (bool more = true; more;) {
            bool const asked = pass(*client, *server, to_server);
            more = pass(*server, *client, to_client) || asked;
        }
    }

    /// What `end` reads until it has to wait or it fails; the status that stopped it in `last`.
    std::string read_all(Connection& end) {
        std::string text, buffer(5000, '\0');
        for (;;) {
            auto const got = end.read({reinterpret_cast<std::uint8_t*>(buffer.data()), buffer.size()});
            last = got.status;
            if (last != tls::engine::Status::ok) return text;
            text.append(buffer, 0, got.bytes);
        }
    }

    static void write(Connection& end, std::string_view text) {
        end.write({reinterpret_cast<std::uint8_t const*>(text.data()), text.size()});
    }

    tls::engine::Status last = tls::engine::Status::ok;

  private:
    static bool pass(Connection& from, Connection& to, std::function<Bytes(Bytes)> const& path) {
        auto const waiting = from.output().data();
        Bytes bytes(waiting.begin(), waiting.end());
        from.output().clear();
        if (bytes.empty()) return false;
        if (path) bytes = path(std::move(bytes));
        to.feed(bytes);
        to.advance();
        to.keep_input();
        return true;
    }
};

} // namespace alert40::test
