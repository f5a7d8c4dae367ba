#include "app/proxy_run.hpp"

#include "app/file_limit.hpp"
#include "app/file_watch.hpp"
#include "app/live_proxy.hpp"
#include "app/log.hpp"
#include "app/serve.hpp"
#include "app/sinks.hpp"

#include <csignal>
#include <iostream>

namespace alert40::app {

ProxyRun::ProxyRun(std::string const& log_level) {
    std::signal(SIGPIPE, SIG_IGN); // writing to what is gone, or beyond a limit, is an error of write()
    std::signal(SIGXFSZ, SIG_IGN);
    raise_file_limit();
    start_log(log_level);
}

Exit ProxyRun::serve(PolicySource source, std::string const& record, Greet const& greet) const {
    FileWatch policy_file(source.file());
    auto first = source.load();
    if (first.has_error()) {
        for (auto const& problem : first.error())
            std::cerr << problem.text() << '\n';
        return Exit::failed;
    }
    Sinks sinks(record);
    LiveProxy live(std::move(source), std::move(*first), sinks);
    auto const hung_up = [&] { sinks.reopen_file(); };
    app::serve(live, policy_file, signals_, hung_up, [&] { greet(live.proxy().listening()); });
    return Exit::fine;
}

} // namespace alert40::app
