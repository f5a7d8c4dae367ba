#include "app/subcommand.hpp"
#include "diagnose/explain/explanation.hpp"
#include "diagnose/explain/limits.hpp"
#include "text/joined.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <memory>

namespace alert40::app {

namespace {

using explain::FailureLog;

struct Flags {
    std::vector<std::string> words;
    bool json = false;
};

/// Hands on the lines of a text that comes in pieces; of one that never ends no more is kept than will be
/// looked at.
class LineSplitter {
  public:
    explicit LineSplitter(FailureLog& log)
        : log_{log} {}

    void add(std::string_view bytes) {
        for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
            if (kept_.empty())
                log_.add(bytes.substr(0, end));
            else
                finish_kept(bytes.substr(0, end));
            bytes.remove_prefix(end + 1);
        }
        keep(bytes);
    }

    void finish() {
        if (!kept_.empty()) finish_kept({});
    }

  private:
    void keep(std::string_view part) { kept_ += part.substr(0, explain::limits::line_bytes - kept_.size()); }

    void finish_kept(std::string_view rest) {
        keep(rest);
        log_.add(kept_);
        kept_.clear();
    }

    FailureLog& log_;
    std::string kept_; ///< a line without its end
};

/// Short enough to be nothing but a code.
void add_alone(FailureLog& log, std::string_view text) {
    if (text.size() <= explain::limits::bare_code)
        log.add(text, true);
    else {
        LineSplitter lines{log};
        lines.add(text);
        lines.finish();
    }
}

std::size_t read_some(std::string& block) {
    for (;;) {
        auto const n = ::read(STDIN_FILENO, block.data(), block.size());
        if (n >= 0) return static_cast<std::size_t>(n);
        if (errno != EINTR) throw CommandError("stdin cannot be read");
    }
}

void add_stdin(FailureLog& log) {
    std::string block(256 * 1024, '\0'), first;
    auto n = read_some(block);
    while (n > 0 && first.size() <= explain::limits::bare_code) {
        first.append(block, 0, n);
        n = read_some(block);
    }
    if (n == 0) return add_alone(log, first);
    LineSplitter lines{log};
    lines.add(first);
    for (; n > 0; n = read_some(block))
        lines.add(std::string_view{block}.substr(0, n));
    lines.finish();
}

void print(FailureLog const& log, bool json) {
    bool first = true;
    for (auto const& failure : log.failures()) {
        if (json)
            std::cout << json_of(failure) << '\n';
        else
            std::cout << (first ? "" : "\n") << text_of(failure);
        first = false;
    }
}

Exit run(Flags const& flags) {
    bool const from_stdin = flags.words.empty() || (flags.words.size() == 1 && flags.words.front() == "-");
    if (flags.words.empty() && ::isatty(STDIN_FILENO) != 0)
        throw UsageError("what is to be explained? Give the text as an argument, or a log on stdin");
    explain::Scanner const scanner;
    FailureLog log{scanner};
    if (from_stdin)
        add_stdin(log);
    else
        add_alone(log, text::joined(flags.words, " "));
    log.finish();
    print(log, flags.json);
    if (!log.failures().empty()) return Exit::fine;
    std::cerr << "no failure of TLS or HTTP/2 is recognised in "
              << (log.lines() == 1 ? "this" : std::to_string(log.lines()) + " lines")
              << ". The words may be unknown here, or it failed elsewhere. What the host does, whatever an "
                 "app says of it:\n"
                 "  alert40 diagnose HOST\n"
                 "  alert40 exec -- COMMAND\n";
    return Exit::failed;
}

std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    parser
        .add_option("TEXT", flags->words,
                    "An error message, or a code; several words are one text. Default, and -: stdin")
        ->type_name("TEXT");
    parser.add_flag("--json", flags->json, "Print a JSON object for each failure, a line each");
    return [flags] { return run(*flags); };
}

} // namespace

Subcommand const explain_subcommand{
    .name = "explain",
    .summary = "an error message or log -> what it says, in plain words, and what to do",
    .details = "Understands what OpenSSL, BoringSSL, NSS, GnuTLS, SChannel, Secure Transport, Go, Java, "
               ".NET, Node.js, Python, rustls, curl, "
               "nginx, gRPC, Connect and Chromium or Electron say to a failure of TLS or HTTP/2, and their "
               "codes: who refused whom, what it "
               "means and what it does not, the likely causes, and the next command. Of a log each distinct "
               "failure is told once, with its "
               "count. It reads, and asks nobody. Exit status 1: nothing was recognised.",
    .examples =
        "  alert40 explain 'curl: (35) error:0A000410:SSL routines::sslv3 alert handshake failure'\n"
        "  alert40 explain net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH\n"
        "  alert40 explain 10000410                            # a code alone; 0x80090326, 40, -- -9824\n"
        "  alert40 explain < /var/log/nginx/error.log\n"
        "  journalctl -u app | alert40 explain --json\n",
    .declare = declare,
};

} // namespace alert40::app
