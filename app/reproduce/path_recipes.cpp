#include "app/reproduce/path_recipes.hpp"

namespace alert40::app::reproduce {

Made nobody_listens(RecordedFailure const& failed, Told const&) {
    if (failed.captured)
        return NoRecipe{"the connection was refused before any TLS. A proxy always accepts its app's "
                        "connection, so the app has to "
                        "be sent to a port where nobody listens: curl --connect-to " +
                        failed.handshake.target.host + ':' + std::to_string(failed.handshake.target.port) +
                        ":127.0.0.1:1 ..., or an entry of the hosts file"};
    Recipe recipe;
    recipe.keys.emplace_back("address = \"127.0.0.1:1\" # where nobody listens");
    recipe.comments.emplace_back(
        "No connection came about; the app was told so by alert40, and is told the same again.");
    return recipe;
}

Made no_such_name(RecordedFailure const&, Told const&) {
    Recipe recipe;
    recipe.keys.emplace_back("address = \"no-such-name.invalid\" # RFC 6761: this name never exists");
    recipe.comments.emplace_back(
        "The name was not resolved; the app was told so by alert40, and is told the same again.");
    return recipe;
}

Made dead_address(RecordedFailure const& failed, Told const&) {
    return NoRecipe{
        "no answer came to the TCP connection, before any TLS: that is made by packets which are dropped, "
        "and no policy "
        "drops any. As root, on this machine: iptables -A OUTPUT -d " +
        (failed.handshake.target.address.empty() ? std::string("ADDRESS") : failed.handshake.target.address) +
        " -j DROP (and -D instead of -A afterwards)"};
}

Made upstream_proxy(RecordedFailure const& failed, Told const&) {
    return NoRecipe{"it was the proxy on the way (" + failed.handshake.target.via +
                    ") that refused, before any TLS: " + failed.failure.detail +
                    ". A policy can only send the app to a proxy that does so: via = \"http://HOST:PORT\""};
}

Made our_own_port(RecordedFailure const&, Told const&) {
    return NoRecipe{
        "the app spoke TLS to alert40 itself, as its https:// proxy, and did not take that; faults strike "
        "what goes "
        "through a proxy. It happens again without any policy: alert40 run, and the app pointed at "
        "https://localhost:4040 without trusting the authority of this machine"};
}

} // namespace alert40::app::reproduce
