#pragma once

#include "app/capture/connection_table.hpp"
#include "bytes/writer.hpp"
#include "support/bytes.hpp"
#include "support/client_hello_builder.hpp"
#include "tls/wire/alert_message.hpp"

/// Packets as tcpdump writes them, made by hand.
namespace alert40::tests {

using app::capture::LinkType;
using app::capture::Time;
using bytes::Prefix;
using bytes::Writer;

struct Flags {
    bool syn = false, ack = true, fin = false, rst = false;
};

inline Buffer tcp(std::uint16_t from, std::uint16_t to, std::uint32_t sequence, Flags flags,
                  Buffer const& payload) {
    auto const bits = (flags.fin ? 1 : 0) | (flags.syn ? 2 : 0) | (flags.rst ? 4 : 0) | (flags.ack ? 16 : 0);
    return Writer{}
        .u16(from)
        .u16(to)
        .u32(sequence)
        .u32(0)
        .u8(5 << 4)
        .u8(static_cast<std::uint8_t>(bits))
        .u16(0xffff)
        .u16(0)
        .u16(0)
        .bytes(payload)
        .take();
}

inline Buffer ipv4(Buffer const& from, Buffer const& to, Buffer const& carried) {
    return Writer{}
        .u8(0x45)
        .u8(0)
        .u16(static_cast<std::uint16_t>(20 + carried.size()))
        .u16(0)
        .u16(0x4000)
        .u8(64)
        .u8(6)
        .u16(0)
        .bytes(from)
        .bytes(to)
        .bytes(carried)
        .take();
}

inline Buffer ethernet(Buffer const& packet) {
    return Writer{}.bytes(hex("020000000001 020000000002")).u16(0x0800).bytes(packet).take();
}

inline Buffer handshake_record(std::uint8_t type, Buffer const& body) {
    return Writer{}
        .u8(22)
        .u16(0x0301)
        .nested<Prefix::u16>([&](Writer& out) { out.u8(type).opaque<Prefix::u24>(body); })
        .take();
}

inline Buffer sample_hello() {
    return handshake_record(1, ClientHelloBuilder{}
                                   .suites({0x1301, 0xc02b})
                                   .server_name("api.example.com")
                                   .groups({29, 23})
                                   .signature_algorithms({0x0403})
                                   .alpn({"h2", "http/1.1"})
                                   .versions({0x0304, 0x0303})
                                   .body());
}

inline Buffer alert_40() {
    auto const record = tls::wire::fatal_alert_record(tls::AlertDescription::handshake_failure);
    return {record.begin(), record.end()};
}

/// A connection from 10.0.0.1:50000 to 192.0.2.7:443, each packet 10 ms after the one before, as it is said:
///
///     Talk talk; talk.stands().app(sample_hello()).server(alert_40()).server_fin(); talk.only().failure
class Talk {
  public:
    explicit Talk(std::uint16_t port = 50000)
        : port_(port) {}

    Talk& syn() { return from_app({.syn = true, .ack = false}, {}, client_++); }

    Talk& syn_ack() { return from_server({.syn = true}, {}, server_++); }

    Talk& stands() { return syn().syn_ack().from_app({}, {}, client_); }

    Talk& app(Buffer const& bytes) {
        from_app({}, bytes, client_);
        client_ += static_cast<std::uint32_t>(bytes.size());
        return *this;
    }

    Talk& server(Buffer const& bytes) {
        from_server({}, bytes, server_);
        server_ += static_cast<std::uint32_t>(bytes.size());
        return *this;
    }

    Talk& app_fin() { return from_app({.fin = true}, {}, client_); }

    Talk& server_fin() { return from_server({.fin = true}, {}, server_); }

    Talk& server_rst() { return from_server({.rst = true}, {}, server_); }

    Talk& from_app(Flags flags, Buffer const& bytes, std::uint32_t sequence) {
        return packet(ipv4(hex("0a000001"), hex("c0000207"), tcp(port_, 443, sequence, flags, bytes)));
    }

    Talk& from_server(Flags flags, Buffer const& bytes, std::uint32_t sequence) {
        return packet(ipv4(hex("c0000207"), hex("0a000001"), tcp(443, port_, sequence, flags, bytes)));
    }

    Talk& packet(Buffer const& ip) {
        now_ += std::chrono::milliseconds{10};
        table_.take(LinkType::ethernet, ethernet(ip), now_);
        return *this;
    }

    Talk& later(std::chrono::milliseconds time) {
        now_ += time;
        return *this;
    }

    std::uint32_t client() const { return client_; }

    std::uint32_t server() const { return server_; }

    std::vector<record::HandshakeRecord> records() { return table_.finish(); }

    record::HandshakeRecord only() {
        auto records = table_.finish();
        if (records.size() != 1) throw std::runtime_error(std::to_string(records.size()) + " records");
        return records.front();
    }

  private:
    std::uint16_t port_;
    std::uint32_t client_ = 0xfffffff0, server_ = 1000; // the app's numbers turn over within its hello
    Time now_{};
    app::capture::ConnectionTable table_;
};

} // namespace alert40::tests
