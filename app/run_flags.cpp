#include "app/run_flags.hpp"

#include "app/choice.hpp"
#include "app/exit.hpp"

#include <CLI/CLI.hpp>

namespace alert40::app {

namespace {

constexpr auto hidden = ""; // the group of what no help shows

void declare_list(CLI::App& parser, std::string const& name, std::vector<std::string>& values,
                  std::string const& type, std::string const& text) {
    parser.add_option(name, values, text)->type_name(type)->expected(1)->take_all()->allow_extra_args(false);
}

void declare_listeners(CLI::App& parser, RunFlags& flags) {
    parser
        .add_option("-c,--config", flags.config,
                    "The policy file; default: alert40/policy.toml in the XDG config "
                    "folder, else the built-in policy")
        ->type_name("FILE");
    declare_list(parser, "-l,--listen", flags.listen, "[ADDR:]PORT",
                 "Listen here instead of where the policy says; \"none\" leaves mapped listeners only");
    declare_list(
        parser, "-m,--map", flags.map, "[ADDR:]PORT=URL",
        "Also listen here, and let it stand for the origin of URL; \"https:sni\" is TLS to the host that "
        "each hello names");
    declare_list(parser, "--tls-map", flags.tls_map, "[ADDR:]PORT=URL",
                 "The same for apps that speak TLS: they get a certificate of the local authority");
    declare_list(
        parser, "--credentials", flags.credentials, "USER:PASSWORD",
        "Let only this user in by the proxy listeners; a policy file keeps the password from the list "
        "of processes");
    parser.add_option("--threads", flags.threads, "Worker threads; default: the cores, at most 4")
        ->type_name("N")
        ->check(CLI::Range(1, 64).description(""));
}

void declare_rules(CLI::App& parser, RunFlags& flags) {
    declare_list(parser, "--host", flags.host, "HOST",
                 "The hosts that the profile, ladder, path and TLS flags are for; default: every host");
    auto* const profile =
        parser.add_option("-p,--profile", flags.profile, "Dial with this one profile, without fallback")
            ->type_name("NAME");
    parser.add_option("--ladder", flags.ladder, "Dial with this ladder of profiles")
        ->type_name("NAME")
        ->excludes(profile);
    declare_list(parser, "--intercept", flags.intercept, "HOST",
                 "Look into the tunnels to this host; the app has to trust the local authority");
    declare_list(parser, "--watch", flags.watch, "HOST",
                 "Pass the tunnels to this host on untouched, whatever --intercept and the policy say");
    declare_list(parser, "--block", flags.block, "HOST", "Refuse whatever is for this host");
    parser
        .add_option("--via", flags.via,
                    "Reach origins through this: direct, env, or http://[USER:PASS@]HOST:PORT")
        ->type_name("URL");
    parser
        .add_option("--resolver", flags.resolver,
                    "Look names up there: system, 9.9.9.9, udp://ADDR, tcp://ADDR")
        ->type_name("RESOLVER");
    parser.add_flag("--diagnose", flags.diagnose,
                    "Where every step of the ladder has failed, find out in the background why");
    declare_list(parser, "--connect-to", flags.connect_to, "HOST1:PORT1:HOST2:PORT2",
                 "Connect to HOST2:PORT2 where HOST1:PORT1 is asked for, as curl does");
    declare_list(parser, "--resolve", flags.resolve, "HOST:PORT:ADDR",
                 "Take ADDR for the address of HOST, as curl does");
}

void declare_tls(CLI::App& parser, RunFlags& flags) {
    declare_choice(parser, "--tls-max", flags.tls_max, "1.0|1.1|1.2|1.3", "Offer no later version of TLS");
    for (auto const* const version : {"1.0", "1.1", "1.2", "1.3"})
        parser.add_flag_callback(
            std::string("--tlsv") + version, [&flags, version] { flags.tls_min = version; },
            std::string("Offer no version before TLS ") + version);
    parser.add_option("--ciphers", flags.ciphers, "Offer these ciphers up to TLS 1.2, an OpenSSL list")
        ->type_name("LIST");
    parser.add_option("--cacert", flags.cacert, "Trust the authorities in this PEM file, and no others")
        ->type_name("FILE");
    auto const refuse = [] {
        throw UsageError("verification is not turned off for everybody: let a profile of the policy say "
                         "verify = \"none\", and "
                         "a rule name it for the host");
    };
    parser.add_flag_callback("-k,--insecure", refuse, "Refused, with the way that there is")->group(hidden);
}

void declare_output(CLI::App& parser, RunFlags& flags) {
    parser
        .add_option("-r,--record", flags.record, "Append every handshake to this file, a JSON object a line")
        ->type_name("FILE");
    declare_choice(parser, "--log-level", flags.log_level, "debug|info|warning|error", "What to log");
    parser.add_flag("-q,--quiet", flags.quiet, "Log warnings and errors only, and no greeting");
}

} // namespace

void declare_run_flags(CLI::App& parser, RunFlags& flags) {
    declare_listeners(parser, flags);
    declare_rules(parser, flags);
    declare_tls(parser, flags);
    declare_output(parser, flags);
}

} // namespace alert40::app
