#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace alert40::tls::engine {

/// Key material, wiped when it goes.
class Secret {
  public:
    Secret() = default;

    explicit Secret(std::vector<std::uint8_t> bytes)
        : bytes_(std::move(bytes)) {}

    ~Secret();
    Secret(Secret&&) noexcept = default;
    Secret& operator=(Secret&&) noexcept = default;
    Secret(Secret const&) = delete;
    Secret& operator=(Secret const&) = delete;

    std::vector<std::uint8_t> const& bytes() const { return bytes_; }

  private:
    std::vector<std::uint8_t> bytes_;
};

struct SecretLine {
    std::string_view label; ///< "SERVER_TRAFFIC_SECRET_0"
    Secret secret;
};

/// A line of the NSS key log format: LABEL CLIENT_RANDOM SECRET.
std::optional<SecretLine> parse_secret_line(std::string_view line);

} // namespace alert40::tls::engine
