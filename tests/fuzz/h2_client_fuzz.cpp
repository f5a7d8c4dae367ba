// What an origin may say to our client side: nothing crashes, leaks, loops or grows, and every request hears
// of its end. The first byte chooses how the rest is said and taken.
#include "fuzz/h2_wire.hpp"
#include "proxy/http2/origin_scene.hpp"

using namespace alert40;
using namespace std::string_view_literals;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 2) return 0;
    auto const how = data[0];
    test::H2Peer::Options silent;
    silent.silent = true;
    test::OriginScene scene(silent);
    fuzz::HostilePeer origin(scene.stage, ::dup(scene.stage.their_end()), (how & 1) == 0);
    scene.origin.hang_up(); // the polite peer has no part in this

    scene.ask();
    auto& upload = scene.ask("POST", false);
    scene.ask("GET", false, [](proxy::RequestHead& head) {
        head.body = proxy::BodyLength::none();
        head.protocol = "websocket";
    });
    scene.requests[0]->full = (how & 2) != 0;
    if ((how & 4) == 0) origin.say("\0\0\0\4\0\0\0\0\0"sv); // SETTINGS
    std::size_t const piece = (how & 8) ? 7 : 64 * 1024;
    fuzz::in_pieces({data + 1, size - 1}, piece, [&](auto bytes) {
        origin.say(bytes);
        if (!upload.ended) upload.send("more");
    });
    if (how & 16) scene.requests.pop_back();
    origin.turn();
    fuzz::demand(origin.received() < 64 * 1024 + 4096 * size);

    if (scene.connection && (how & 32)) scene.connection->drain();
    origin.hang_up();
    origin.turn();
    fuzz::demand(scene.is_closed);
    std::size_t over = scene.failures.size();
    for (auto const& request : scene.requests)
        over += request->ended || request->aborted ? 1 : 0;
    fuzz::demand(over >= scene.requests.size());
    return 0;
}
