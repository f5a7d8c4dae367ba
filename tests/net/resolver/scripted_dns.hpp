#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace alert40::test {

/// One question as it came, in small letters.
struct DnsQuestion {
    std::string name;
    std::uint16_t type = 0;
    bool over_tcp = false;
};

inline constexpr std::uint16_t type_a = 1;
inline constexpr std::uint16_t type_cname = 5;
inline constexpr std::uint16_t type_aaaa = 28;

/// What the server says to it.
struct DnsReply {
    struct Record {
        std::string name;
        std::uint16_t type = type_a;
        std::uint32_t ttl = 60;
        std::string data; ///< an address literal, or the name of a CNAME
    };

    std::vector<Record> answers = {};
    std::uint8_t rcode = 0;
    bool truncated = false;
    std::string garbage = {}; ///< sent instead
};

/// A name server on loopback, UDP and TCP on the same port, on a thread of its own.
class ScriptedDns {
  public:
    /// Nothing: no answer at all.
    using Script = std::function<std::optional<DnsReply>(DnsQuestion const&)>;

    explicit ScriptedDns(Script script)
        : script_(std::move(script)) {
        while (!open()) {
        } // until the port that UDP was given is free for TCP too
        if (::pipe(stop_.data()) != 0) throw std::runtime_error{"no pipe"};
        thread_ = std::thread{[this] { serve(); }};
    }

    ~ScriptedDns() {
        ::close(stop_[1]);
        thread_.join();
        for (int const fd : {udp_, tcp_, stop_[0]})
            ::close(fd);
    }

    std::uint16_t port() const { return ntohs(place_.sin_port); }

    unsigned questions() const { return questions_; }

    unsigned questions_over_tcp() const { return questions_over_tcp_; }

  private:
    bool open() {
        place_ = {};
        place_.sin_family = AF_INET;
        place_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        udp_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        tcp_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        socklen_t size = sizeof place_;
        ::bind(udp_, reinterpret_cast<sockaddr*>(&place_), size);
        ::getsockname(udp_, reinterpret_cast<sockaddr*>(&place_), &size);
        if (::bind(tcp_, reinterpret_cast<sockaddr*>(&place_), size) == 0 && ::listen(tcp_, 8) == 0)
            return true;
        ::close(udp_);
        ::close(tcp_);
        return false;
    }

    void serve() {
        for (;;) {
            std::array<pollfd, 3> ready{pollfd{udp_, POLLIN, 0}, pollfd{tcp_, POLLIN, 0},
                                        pollfd{stop_[0], POLLIN, 0}};
            ::poll(ready.data(), ready.size(), -1);
            if (ready[2].revents) return;
            if (ready[0].revents) serve_datagram();
            if (ready[1].revents) serve_connection();
        }
    }

    void serve_datagram() {
        std::string message(4096, '\0');
        sockaddr_in from{};
        socklen_t size = sizeof from;
        auto const n =
            ::recvfrom(udp_, message.data(), message.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
        if (n <= 0) return;
        message.resize(static_cast<std::size_t>(n));
        if (auto const reply = answer(message, false))
            ::sendto(udp_, reply->data(), reply->size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }

    /// Messages with a length in front (RFC 1035 section 4.2.2), until the client goes away.
    void serve_connection() {
        int const fd = ::accept4(tcp_, nullptr, nullptr, SOCK_CLOEXEC);
        std::array<unsigned char, 2> size{};
        while (readable(fd) && ::recv(fd, size.data(), 2, MSG_WAITALL) == 2) {
            std::string message(static_cast<std::size_t>(size[0] << 8 | size[1]), '\0');
            ::recv(fd, message.data(), message.size(), MSG_WAITALL);
            auto const reply = answer(message, true);
            if (!reply) continue;
            auto const framed = u16(static_cast<unsigned>(reply->size())) + *reply;
            ::send(fd, framed.data(), framed.size(), MSG_NOSIGNAL);
        }
        ::close(fd);
    }

    bool readable(int fd) const {
        std::array<pollfd, 2> ready{pollfd{fd, POLLIN, 0}, pollfd{stop_[0], POLLIN, 0}};
        ::poll(ready.data(), ready.size(), -1);
        return ready[1].revents == 0;
    }

    std::optional<std::string> answer(std::string const& query, bool over_tcp) {
        ++(over_tcp ? questions_over_tcp_ : questions_);
        DnsQuestion question{.name = {}, .type = 0, .over_tcp = over_tcp};
        std::size_t at = 12;
        while (query.at(at) != 0) {
            if (!question.name.empty()) question.name += '.';
            auto const length = static_cast<unsigned char>(query.at(at));
            question.name += query.substr(at + 1, length);
            at += 1u + length;
        }
        for (auto& c : question.name)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        question.type = static_cast<std::uint16_t>(static_cast<unsigned char>(query.at(at + 1)) << 8 |
                                                   static_cast<unsigned char>(query.at(at + 2)));
        auto const reply = script_(question);
        if (!reply) return std::nullopt;
        if (!reply->garbage.empty()) return reply->garbage;
        std::string message = query.substr(0, 2);
        message += static_cast<char>(reply->truncated ? 0x83 : 0x81); // response, recursion desired
        message += static_cast<char>(0x80 | reply->rcode);            // recursion available
        message += u16(1) + u16(static_cast<unsigned>(reply->answers.size())) + u16(0) + u16(0);
        message += query.substr(12, at + 5 - 12);
        for (auto const& record : reply->answers)
            message += encoded(record);
        return message;
    }

    static std::string encoded(DnsReply::Record const& record) {
        std::string data;
        if (record.type == type_cname) {
            data = encoded_name(record.data);
        } else {
            data.resize(record.type == type_a ? 4 : 16);
            ::inet_pton(record.type == type_a ? AF_INET : AF_INET6, record.data.c_str(), data.data());
        }
        return encoded_name(record.name) + u16(record.type) + u16(1) + u16(record.ttl >> 16) +
               u16(record.ttl & 0xffff) + u16(static_cast<unsigned>(data.size())) + data;
    }

    static std::string encoded_name(std::string_view name) {
        std::string wire;
        while (!name.empty()) {
            auto const label = name.substr(0, name.find('.'));
            wire += static_cast<char>(label.size());
            wire += label;
            name.remove_prefix(std::min(label.size() + 1, name.size()));
        }
        return wire + '\0';
    }

    static std::string u16(unsigned value) {
        return {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)};
    }

    Script script_;
    sockaddr_in place_{};
    int udp_ = -1;
    int tcp_ = -1;
    std::array<int, 2> stop_{-1, -1};
    std::atomic<unsigned> questions_ = 0;
    std::atomic<unsigned> questions_over_tcp_ = 0;
    std::thread thread_;
};

} // namespace alert40::test
