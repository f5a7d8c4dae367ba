#include "net/encrypted_dns/dns_framing.hpp"

namespace alert40::net {

namespace {

class TlsFraming final : public DnsFraming {
  public:
    void begin(bytes::ByteQueue&) override {}

    void ask(std::uint16_t number, DnsMessage question, bytes::ByteQueue& out) override {
        set_dns_id(question, number);
        auto const size = question.size();
        out.append(std::vector{static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size & 0xff)});
        out.append(question);
    }

    std::optional<std::string> take(std::span<std::uint8_t const> bytes, bytes::ByteQueue&,
                                    std::vector<Answered>& answered) override {
        seen_.insert(seen_.end(), bytes.begin(), bytes.end());
        std::size_t read = 0;
        while (seen_.size() - read >= 2) {
            auto const size = static_cast<std::size_t>(seen_[read] << 8 | seen_[read + 1]);
            if (size < dns_header) return "its answer is too short for DNS";
            if (seen_.size() - read - 2 < size) break;
            auto const message = std::span{seen_}.subspan(read + 2, size);
            answered.push_back({dns_id(message), DnsMessage(message.begin(), message.end())});
            read += 2 + size;
        }
        seen_.erase(seen_.begin(), seen_.begin() + static_cast<std::ptrdiff_t>(read));
        return std::nullopt;
    }

  private:
    std::vector<std::uint8_t> seen_; ///< of a message that is not whole
};

} // namespace

std::unique_ptr<DnsFraming> make_tls_framing() {
    return std::make_unique<TlsFraming>();
}

} // namespace alert40::net
