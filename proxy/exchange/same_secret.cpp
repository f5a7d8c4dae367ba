#include "proxy/exchange/same_secret.hpp"

#include <cstddef>

namespace alert40::proxy {

bool same_secret(std::string_view shown, std::string_view known) {
    if (shown.size() != known.size()) return false;
    unsigned char difference = 0;
    for (std::size_t i = 0; i < known.size(); ++i)
        difference = static_cast<unsigned char>(difference | (shown[i] ^ known[i]));
    return difference == 0;
}

} // namespace alert40::proxy
