#include "app/manual.hpp"
#include "app/version.hpp"

namespace alert40::app {

namespace {

/// A hyphen in roff is a hyphen, not a minus; a backslash starts an escape; a dot or quote at the start of a
/// line is a request.
std::string roff(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n'))
            out += std::string("\\&") + c;
        else
            out += c;
    }
    return out;
}

std::string flag_entry(Manual::Flag const& flag) {
    std::string head;
    for (auto const& spelling : flag.spellings)
        head += (head.empty() ? "\\fB" : ", \\fB") + roff(spelling) + "\\fR";
    bool const positional = !flag.spellings.front().starts_with('-');
    if (!flag.value.empty() && !positional) head += " \\fI" + roff(flag.value) + "\\fR";
    return ".TP\n" + head + '\n' + roff(flag.text) + '\n';
}

/// "ca trust" of "alert40 ca trust".
std::string_view name_below(Manual const& manual, Manual const& root) {
    return std::string_view(manual.name).substr(root.name.size() + 1);
}

std::string command_section(Manual const& manual, Manual const& root) {
    auto text = ".SS " + roff(name_below(manual, root)) + '\n' + roff(manual.summary) + ".\n";
    if (!manual.details.empty()) text += ".PP\n" + roff(manual.details) + '\n';
    for (auto const& argument : manual.arguments)
        text += flag_entry(argument);
    for (auto const& flag : manual.flags)
        text += flag_entry(flag);
    if (!manual.examples.empty()) text += ".PP\n.nf\n" + roff(manual.examples) + ".fi\n";
    for (auto const& subcommand : manual.subcommands)
        text += command_section(subcommand, root);
    return text;
}

constexpr std::string_view after_the_commands = R"(.SH EXIT STATUS
0: fine. 1: what was asked about fails. 2: the command line is wrong.
.SH FILES
.TP
\fI$XDG_CONFIG_HOME/alert40/policy.toml\fR
The policy, where \fB\-\-config\fR names no other; without it the built\-in one.
.TP
\fI$XDG_DATA_HOME/alert40/ca.pem\fR, \fIca.key\fR
The local authority, where the policy names no other.
.TP
\fI$XDG_DATA_HOME/alert40/bundle\-*.pem\fR, \fIjava\-cacerts\fR
The authorities of the system, or of the user's own file, and the local one, for what \fBalert40 env\fR points here.
.TP
\fI$XDG_DATA_HOME/alert40/trust.json\fR
The stores that \fBalert40 ca trust\fR has changed.
.TP
\fI$XDG_RUNTIME_DIR/alert40/PORT.sock\fR
The control socket of a running proxy, for its own user alone.
.SH ENVIRONMENT
.TP
\fBHTTPS_PROXY\fR, \fBHTTP_PROXY\fR, \fBALL_PROXY\fR, \fBNO_PROXY\fR
The way to the origins, as curl reads them, where no rule says another.
.TP
\fBSSL_CERT_FILE\fR, \fBSSL_CERT_DIR\fR
The trusted authorities instead of the system's.
.TP
\fBNO_COLOR\fR
No colour, not even on a terminal.
.SH SIGNALS
\fBSIGHUP\fR reads the policy again, as a change of its file does, and opens the file of \fB\-\-record\fR anew. \fBSIGINT\fR and
\fBSIGTERM\fR let what is under way finish; a second one stops at once.
)";

} // namespace

std::string man_page(Manual const& root) {
    auto text = ".\\\" Written by `alert40 man`; a test compares them.\n"
                ".TH ALERT40 1 \"\" \"alert40 " +
                std::string(version) + "\" \"User Commands\"\n" + ".SH NAME\nalert40 \\- " +
                roff(root.summary) + '\n' +
                ".SH SYNOPSIS\n\\fBalert40\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n" + ".SH DESCRIPTION\n" +
                roff(root.details) + '\n' + ".SH COMMANDS\n";
    for (auto const& subcommand : root.subcommands)
        text += command_section(subcommand, root);
    return text + std::string(after_the_commands);
}

} // namespace alert40::app
