#include "tls/engine/openssl_error.hpp"

#include <openssl/err.h>

#include <array>

namespace alert40::tls::engine {

std::string take_openssl_error() {
    auto const code = ERR_peek_error();
    ERR_clear_error();
    if (code == 0) return "unknown error";
    if (auto const* reason = ERR_reason_error_string(code)) return reason;
    std::array<char, 128> text{};
    ERR_error_string_n(code, text.data(), text.size());
    return text.data();
}

void drop_openssl_errors() {
    if (ERR_peek_error() != 0) ERR_clear_error();
}

} // namespace alert40::tls::engine
