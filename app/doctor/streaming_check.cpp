#include "app/doctor/streaming_check.hpp"

#include <cstdio>

namespace alert40::app::doctor {

namespace {

using namespace std::chrono_literals;
using Level = Finding::Level;

constexpr int messages = 5;
constexpr auto time_to_arrive = 5s; // of the request, at the origin

std::string message(int number) {
    return "data: message " + std::to_string(number) + " of the streaming check\n\n";
}

std::string chunk(std::string const& text) {
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", text.size());
    return size + text + "\r\n";
}

/// The whole head of a request.
bool receive_request(LocalSocket const& app) {
    std::string head;
    while (head.find("\r\n\r\n") == head.npos) {
        auto const more = app.receive(time_to_arrive);
        if (more.empty() || head.size() > 64 * 1024) return false;
        head += more;
    }
    return true;
}

} // namespace

Streaming check_streaming(Way way, pointing::ProxyAddress const& proxy, std::string const& authorization,
                          LocalSocket::Time patience) {
    auto const origin = LocalSocket::listen();
    auto const path = make_path(way, proxy, authorization);
    if (!origin || !path->ask(origin->port())) return Streaming::unreachable;
    auto const app = origin->accept(time_to_arrive);
    if (!app || !receive_request(*app)) return Streaming::unreachable;
    if (!app->send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n"))
        return Streaming::broken;
    for (int number = 1; number <= messages; ++number) {
        if (!app->send(chunk(message(number)))) return Streaming::broken;
        if (path->receives(message(number), patience)) continue;
        app->send("0\r\n\r\n");
        return path->receives(message(number), patience) ? Streaming::buffered : Streaming::broken;
    }
    app->send("0\r\n\r\n");
    return Streaming::unbuffered;
}

Finding judge_streaming(Way way, Streaming result, pointing::ProxyAddress const& proxy) {
    auto const through =
        std::string(title_of(way)) + " through " + proxy.host + ':' + std::to_string(proxy.port);
    switch (result) {
    case Streaming::unbuffered:
        return {Level::ok, "streaming", through + ": each message comes before the next is sent", ""};
    case Streaming::buffered:
        return {Level::problem, "streaming", through + ": messages come only when the answer has ended",
                "that path collects answers; go around it, or have it pass text/event-stream on at once"};
    case Streaming::unreachable:
        return {Level::problem, "streaming", through + ": the request did not come to the origin",
                "that path does not speak this way, or refuses addresses of this machine"};
    case Streaming::broken:
        return {Level::problem, "streaming", through + ": the messages never came back", "its log says more"};
    }
    return {};
}

} // namespace alert40::app::doctor
