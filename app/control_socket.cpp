#include "app/control_socket.hpp"

#include "app/folders.hpp"

#include <algorithm>
#include <charconv>

namespace alert40::app::control {

namespace {

constexpr std::string_view suffix = ".sock";

std::optional<std::uint16_t> port_of(std::filesystem::path const& file) {
    if (file.extension() != suffix) return std::nullopt;
    auto const stem = file.stem().string();
    std::uint16_t port = 0;
    auto const [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), port);
    if (error != std::errc() || end != stem.data() + stem.size()) return std::nullopt;
    return port;
}

} // namespace

std::filesystem::path socket_of(std::uint16_t port) {
    return runtime_folder() / (std::to_string(port) + std::string(suffix));
}

std::vector<std::uint16_t> ports() {
    std::vector<std::uint16_t> found;
    std::error_code missing;
    for (auto const& entry : std::filesystem::directory_iterator(runtime_folder(), missing))
        if (auto const port = port_of(entry.path())) found.push_back(*port);
    std::ranges::sort(found);
    return found;
}

} // namespace alert40::app::control
