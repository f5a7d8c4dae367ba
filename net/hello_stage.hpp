#pragma once

#include "net/ordeal.hpp"
#include "tls/wire/client_hello_reader.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace alert40::net {

/// Holds what a client says until its ClientHello is whole, and makes of it what its ordeal wants: edited,
/// cut, late. What is no ClientHello goes on as it is.
class HelloStage {
  public:
    /// Bytes that leave together, so long after those before them.
    struct Part {
        std::chrono::milliseconds wait{0};
        std::vector<std::uint8_t> bytes;
    };

    explicit HelloStage(Ordeal const& ordeal)
        : ordeal_(ordeal)
        , released_(!ordeal.touches_hello()) {}

    /// The next bytes of the client.
    void feed(std::span<std::uint8_t const> bytes);
    /// The client says no more.
    void end();

    /// What may leave next; null: not yet, or nothing more.
    Part* next() { return released_ && !parts_.empty() ? &parts_.front() : nullptr; }

    void took_next() { parts_.pop_front(); }

    /// Everything has left: what comes from now on needs no stage.
    bool over() const { return released_ && parts_.empty(); }

    /// Of what has not left.
    std::size_t size() const;

    /// The ClientHello as it leaves, record headers included; empty: not yet, or it is none.
    std::span<std::uint8_t const> hello() const { return hello_; }

  private:
    void release();
    void make_parts();

    Ordeal ordeal_;
    tls::wire::ClientHelloReader reader_;
    std::vector<std::uint8_t> held_, hello_;
    std::deque<Part> parts_;
    bool released_;
};

} // namespace alert40::net
