#include "tls/engine/secret_line.hpp"

#include <openssl/crypto.h>

#include <charconv>

namespace alert40::tls::engine {

Secret::~Secret() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

std::optional<SecretLine> parse_secret_line(std::string_view line) {
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == last) return std::nullopt;
    auto const hex = line.substr(last + 1);
    std::vector<std::uint8_t> bytes(hex.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto const* const pair = hex.data() + 2 * i;
        if (std::from_chars(pair, pair + 2, bytes[i], 16).ptr != pair + 2) return std::nullopt;
    }
    return SecretLine{line.substr(0, first), Secret(std::move(bytes))};
}

} // namespace alert40::tls::engine
