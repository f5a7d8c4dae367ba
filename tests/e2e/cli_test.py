"""The command line, as a table: what is typed, how it ends, what is printed where."""
import json
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

FINE, FAILED, USAGE = 0, 1, 2

# What is typed; exit status; a pattern that stdout holds; one that stderr holds. None: that stream stays empty.
TABLE = [
    ("--help", FINE, r"usage: alert40 COMMAND(.|\n)*examples:", None),
    ("-h", FINE, r"usage: alert40", None),
    ("--version", FINE, r"^alert40 \d+\.\d+\.\d+$", None),
    ("run --help", FINE, r"usage: alert40 run(.|\n)*--map(.|\n)*examples:", None),
    ("explain --help", FINE, r"TEXT(.|\n)*--json(.|\n)*examples:", None),
    ("check --help", FINE, r"usage: alert40 check(.|\n)*--json(.|\n)*examples:", None),
    ("status --help", FINE, r"--json(.|\n)*examples:", None),
    ("forget --help", FINE, r"--json(.|\n)*examples:", None),
    ("env --help", FINE, r"--for(.|\n)*cursor(.|\n)*examples:", None),
    ("exec --help", FINE, r"COMMAND(.|\n)*--intercept(.|\n)*examples:", None),
    ("doctor --help", FINE, r"cursor(.|\n)*--via(.|\n)*examples:", None),
    ("ca --help", FINE, r"commands:(.|\n)*untrust(.|\n)*examples:", None),
    ("ca trust --help", FINE, r"usage: alert40 ca trust(.|\n)*--dry-run(.|\n)*examples:", None),
    ("completions --help", FINE, r"bash\|zsh\|fish|examples:", None),
    ("", USAGE, None, r"a command is missing"),
    ("rum", USAGE, None, r'"?rum"?.*\n?.*run'),
    ("run --lisen 4040", USAGE, None, r'--lisen.*did you mean "--listen"'),
    ("run --threads 0", USAGE, None, r"--threads"),
    ("run --threads many", USAGE, None, r"--threads"),
    ("run --tls-max 1.4", USAGE, None, r"--tls-max.*1\.4"),
    ("run --log-level loud", USAGE, None, r"--log-level.*loud"),
    ("run --listen nowhere", USAGE, None, r"nowhere.*address to listen on"),
    ("run --map 4050", USAGE, None, r"4050.*map"),
    ("run --map 4050=example.com", USAGE, None, r"example\.com.*origin"),
    ("run --profile htttp1", USAGE, None, r'htttp1.*did you mean "http1"'),
    ("run --ladder standart", USAGE, None, r'standart.*did you mean "standard"'),
    ("run --profile legacy", USAGE, None, r"weak.*--host"),
    ("run --profile http1 --ladder standard", USAGE, None, r"--ladder|--profile"),
    ("run --connect-to example.com", USAGE, None, r"--connect-to wants"),
    ("run --resolve example.com:443", USAGE, None, r"--resolve wants"),
    ("run --via gopher://x", USAGE, None, r"via.*direct"),
    ("run -k", USAGE, None, r"verify = \"none\""),
    ("run --insecure", USAGE, None, r"verify = \"none\""),
    ("run --cacert missing.pem", USAGE, None, r"missing\.pem"),
    ("run --listen 0.0.0.0:4040", FAILED, None, r"0\.0\.0\.0:4040.*loopback"),
    ("run --config missing.toml", FAILED, None, r"missing\.toml"),
    ("run --config wrong.toml", FAILED, None, r"wrong\.toml:2:1: .*did you mean \"host\""),
    ("run --listen 127.0.0.1:0 --record missing/records.jsonl", FAILED, None, r"missing/records\.jsonl"),
    ("check", FINE, r"127\.0\.0\.1:4040", None),
    ("check right.toml", FINE, r"mine", None),
    ("check wrong.toml", FAILED, r"^wrong\.toml:2:1: .*\"hots\".*did you mean \"host\"", None),
    ("check right.toml wrong.toml", FAILED, r"wrong\.toml:2:1", None),
    ("check missing.toml", FAILED, r"missing\.toml", None),
    ("status", FAILED, None, r"alert40 status: no proxy of this user runs"),
    ("status --port 4040", FAILED, None, r"port 4040"),
    ("status --port x", USAGE, None, r"--port"),
    ("forget", USAGE, None, r"HOST.*--all"),
    ("forget a.example --all", USAGE, None, r"HOST.*--all"),
    ("forget a..example", USAGE, None, r"no host name"),
    ("forget a.example", FAILED, None, r"no proxy of this user runs"),
    ("env --for emacs", USAGE, None, r"emacs.*none of.*cursor"),
    ("env --shell tcsh", USAGE, None, r"tcsh.*none of"),
    ("exec", USAGE, None, r"COMMAND"),
    ("doctor curser", USAGE, None, r'did you mean "cursor"'),
    ("ca", USAGE, None, r"a command is missing: init, show"),
    ("ca shwo", USAGE, None, r'did you mean "show"'),
    ("completions", USAGE, None, r"SHELL"),
    ("completions tcsh", USAGE, None, r"tcsh"),
]


@pytest.fixture
def typed(binary, environment, tmp_path):
    (tmp_path / "wrong.toml").write_text('[[rule]]\nhots = "a.example"\n')
    (tmp_path / "right.toml").write_text('[[rule]]\nname = "mine"\nhost = "a.example"\nprofile = "http1"\n')

    def run(line, **changes):
        return subprocess.run([binary, *line.split()], cwd=tmp_path, env=environment | changes, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=30)

    return run


@pytest.mark.parametrize("line, status, stdout, stderr", TABLE, ids=[row[0] or "nothing" for row in TABLE])
def test_table(typed, line, status, stdout, stderr):
    result = typed(line)
    for pattern, text in ((stdout, result.stdout), (stderr, result.stderr)):
        if pattern is None:
            assert text == ""
        else:
            assert re.search(pattern, text, re.MULTILINE), text
    assert result.returncode == status


def test_an_error_is_one_line_and_where_to_read_on(typed):
    lines = typed("run --map 4050").stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("alert40 run: ")
    assert lines[1] == "(alert40 run --help says more)"


def test_check_json_is_an_object_a_line(typed):
    result = typed("check --json right.toml wrong.toml")
    right, wrong = map(json.loads, result.stdout.splitlines())
    assert right["ok"] and right["errors"] == [] and "mine" in right["meaning"]
    assert not wrong["ok"]
    assert (wrong["errors"][0]["file"], wrong["errors"][0]["line"], wrong["errors"][0]["column"]) == ("wrong.toml", 2, 1)


def test_check_takes_the_policy_that_run_would_take(typed, environment):
    folder = pathlib.Path(environment["XDG_CONFIG_HOME"]) / "alert40"
    folder.mkdir(parents=True)
    (folder / "policy.toml").write_text('[[rule]]\nname = "from home"\nhost = "a.example"\nprofile = "http1"\n')
    assert "from home" in typed("check").stdout


def test_no_colour_in_a_pipe(typed):
    for line in ("--help", "check", "run --map 4050", "run --config wrong.toml"):
        result = typed(line, TERM="xterm-256color")
        assert "\033" not in result.stdout + result.stderr


def test_each_command_and_flag_of_the_help_is_in_the_manual_page(typed):
    page = (ROOT / "docs/alert40.1").read_text()
    assert page == typed("man").stdout, "docs/alert40.1 is `alert40 man`; write it again"
    unescaped = page.replace("\\-", "-")
    for command in re.findall(r"^  ([a-z]+)  ", typed("--help").stdout, re.MULTILINE):
        assert f".SS {command}\n" in unescaped
        for flag in re.findall(r"--[a-z][a-z0-9.-]+", typed(f"{command} --help").stdout.split("examples:")[0]):
            assert flag in unescaped


@pytest.mark.skipif(not shutil.which("man"), reason="needs man")
def test_the_manual_page_is_sound():
    shown = subprocess.run(["man", "--warnings", "-l", ROOT / "docs/alert40.1"], text=True, capture_output=True,
                           env={"MANWIDTH": "100", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
    assert shown.returncode == 0 and shown.stderr == ""
    assert "--connect-to HOST1:PORT1:HOST2:PORT2" in shown.stdout


COMPLETIONS = [
    (["alert40", ""], {"run", "env", "exec", "doctor", "ca", "check", "status", "forget", "completions", "--version", "--help"}),
    (["alert40", "st"], {"status"}),
    (["alert40", "run", "--tls"], {"--tls-map", "--tls-max", "--tlsv1.0", "--tlsv1.1", "--tlsv1.2", "--tlsv1.3"}),
    (["alert40", "run", "--tls-max", "1.2"], {"1.2"}),
    (["alert40", "run", "--log-level", ""], {"debug", "info", "warning", "error"}),
    (["alert40", "run", "--profile", ""], set()),
    (["alert40", "check", "ri"], {"right.toml"}),
    (["alert40", "run", "--config", "wr"], {"wrong.toml"}),
    (["alert40", "ca", ""], {"init", "show", "export", "trust", "untrust"}),
    (["alert40", "ca", "un"], {"untrust"}),
    (["alert40", "ca", "export", "--format", ""], {"pem", "der"}),
    (["alert40", "ca", "trust", "--d"], {"--dry-run"}),
    (["alert40", "doctor", "cu"], {"cursor"}),
    (["alert40", "env", "--shell", "f"], {"fish"}),
    (["alert40", "completions", ""], {"bash", "zsh", "fish"}),
]


@pytest.mark.parametrize("words, expected", COMPLETIONS, ids=[" ".join(words) for words, _ in COMPLETIONS])
def test_bash_completes(typed, tmp_path, words, expected):
    script = tmp_path / "completions"
    script.write_text(typed("completions bash").stdout)
    asked = subprocess.run(
        ["bash", "-c", 'compopt() { :; }; . "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _alert40; '
                       'printf "%s\\n" "${COMPREPLY[@]}"', "bash", script, *words],
        cwd=tmp_path, text=True, capture_output=True, timeout=30)
    assert asked.stderr == ""
    assert expected <= set(asked.stdout.split())
    if words[-1]:
        assert expected == set(asked.stdout.split())


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_can_read_their_completions(typed, tmp_path, shell):
    script = typed(f"completions {shell}").stdout
    for word in ("run", "--connect-to", "--tls-max", "debug"):
        assert word.removeprefix("--") in script
    if shutil.which(shell):
        (tmp_path / "completions").write_text(script)
        assert subprocess.run([shell, "-n", tmp_path / "completions"]).returncode == 0
