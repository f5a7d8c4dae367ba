"""alert40 doctor: settings, variables, hosts, and whether the way is unbuffered."""
import http.server
import json
import pathlib
import re
import socketserver
import threading
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
[EXAMPLE] = re.findall(r"^```json\n(.*?)^```$", (ROOT / "docs/clients.md").read_text(), re.MULTILINE | re.DOTALL)

FINE, FAILED, USAGE = 0, 1, 2


@pytest.fixture
def findings(typed):
    def examine(*words, **changes):
        result = typed("doctor", "--json", *words, **changes)
        assert result.returncode in (FINE, FAILED), result.stderr
        told = json.loads(result.stdout)
        assert told["ok"] == (result.returncode == FINE)
        return told["findings"]

    return examine


def about(findings, topic, level=None):
    return [one["what"] for one in findings if one["about"] == topic and level in (None, one["level"])]


def write_settings(tmp_path, text):
    file = tmp_path / ".config" / "Cursor" / "User" / "settings.json"
    file.parent.mkdir(parents=True)
    file.write_text(text)


def test_no_proxy_is_the_first_problem(findings):
    assert about(findings(), "proxy", "problem")


def test_a_shell_that_is_pointed_here_is_fine(start, typed):
    proxy = start()
    told = typed("doctor", "shell", HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}")
    assert told.returncode == FINE, told.stdout
    assert re.search(r"^ok +variables: HTTPS_PROXY points here$", told.stdout, re.MULTILINE)


def test_the_proxys_password_is_not_shown(start, typed, tmp_path):
    (tmp_path / "policy.toml").write_text('[listen]\ncredentials = "ci:secret"\n')
    proxy = start("--config", str(tmp_path / "policy.toml"))
    told = typed("doctor", "shell", HTTPS_PROXY=f"http://ci:secret@127.0.0.1:{proxy.port}")
    assert told.returncode == FINE and f"runs on 127.0.0.1:{proxy.port}" in told.stdout, told.stdout
    assert "secret" not in told.stdout


def test_java_is_not_pointed_here_by_what_others_read(start, typed):
    proxy = start()
    told = typed("doctor", "java", HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}", JAVA_TOOL_OPTIONS="")
    assert told.returncode == FAILED and "JAVA_TOOL_OPTIONS is not set" in told.stdout
    options = f"-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort={proxy.port}"
    assert typed("doctor", "java", JAVA_TOOL_OPTIONS=options).returncode == FINE


def test_this_proxy_passes_messages_on_at_once(start, findings):
    start()
    told = about(findings(), "streaming", "ok")
    assert [re.match(r"(.*) through", one).group(1) for one in told] == ["HTTP/1.1", "HTTP/2", "a CONNECT tunnel"]


class Collecting(http.server.BaseHTTPRequestHandler):
    """A proxy that reads an answer to its end before it says a word of it."""

    def do_GET(self):
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(self.path) as answer:
            body = answer.read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_path_that_collects_answers_is_told_apart(findings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Collecting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        told = findings("--via", f"http://127.0.0.1:{server.server_address[1]}")
        server.shutdown()
    assert [one for one in about(told, "streaming", "problem") if "HTTP/1.1" in one and "only when the answer has ended" in one]


def test_cursors_settings_are_read_with_their_comments(start, findings, tmp_path):
    proxy = start()
    write_settings(tmp_path, f"""{{
        // the office said so
        "http.proxy": "http://127.0.0.1:{proxy.port}",
        "http.proxyStrictSSL": false,
    }}""")
    told = findings("cursor")
    assert any("http.proxy points here" in one for one in about(told, "settings", "ok"))
    assert any("http.proxyStrictSSL is false" in one for one in about(told, "settings", "problem"))
    assert any("disableHttp2" in one for one in about(told, "settings", "note"))


def test_settings_that_are_missing_or_broken(findings, tmp_path):
    assert any("none found" in one for one in about(findings("cursor"), "settings", "problem"))
    write_settings(tmp_path, "{")
    assert any("settings.json" in one for one in about(findings("cursor"), "settings", "problem"))


def test_hosts_that_came_and_the_one_that_never_does(findings, tmp_path, sample_record):
    (tmp_path / "records.jsonl").write_text(sample_record("api2.cursor.sh"))
    told = findings("cursor", "--record", "records.jsonl")
    assert any(one.startswith("api2.cursor.sh came: TLS 1.3") for one in about(told, "hosts", "ok"))
    [unseen] = about(told, "hosts", "problem")
    assert "api5" in unseen and "http2.connect" in unseen


@pytest.fixture
def own_apps(environment):
    """Writes the user's apps.json: own_apps(text) -> its path."""
    file = pathlib.Path(environment["XDG_CONFIG_HOME"]) / "alert40" / "apps.json"

    def write(text):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    return write


def test_an_app_of_the_users_own(own_apps, findings, tmp_path, sample_record):
    own_apps('{"billing": {"hosts": ["*.billing.example", "idle.example"]}, /* more */ }')
    (tmp_path / "records.jsonl").write_text(sample_record("api.billing.example"))
    told = findings("billing", "--record", "records.jsonl")
    assert any(one.startswith("api.billing.example came: TLS 1.3") for one in about(told, "hosts", "ok"))
    assert about(told, "hosts", "note") == ["idle.example was never seen"]
    assert about(findings("python"), "variables")  # the built-in ones are still there


def test_the_users_own_takes_the_place_of_a_built_in_one(own_apps, findings, tmp_path, sample_record):
    own_apps('{"cursor": {"title": "Our Cursor", "hosts": ["new.cursor.example"]}}')
    (tmp_path / "records.jsonl").write_text(sample_record("api2.cursor.sh"))
    assert about(findings("cursor", "--record", "records.jsonl"), "hosts") == ["none of the hosts of Our Cursor was seen yet"]


def test_the_apps_of_the_docs_are_read(own_apps, findings):
    own_apps(EXAMPLE)
    [missing] = [one for one in findings("windsurf") if one["about"] == "settings"]
    assert "~/.config/Windsurf/User/settings.json" in missing["what"] and "--for vscode" in missing["remedy"]
    assert about(findings("billing"), "variables", "problem")


@pytest.mark.parametrize("text, said", [
    ("{", "it is no JSON"),
    ('{"billing": {"host": ["a.example"]}}', r'unknown key "host" of app "billing"; did you mean "hosts"\?'),
    ('{"billing": {"pointed_by": "pyton"}}', r'"pointed_by" of app "billing": "pyton" is none of .*; did you mean "python"\?'),
])
def test_a_wrong_file_of_apps_is_one_error(own_apps, typed, text, said):
    file = own_apps(text)
    told = typed("doctor", "cursor")
    assert told.returncode == USAGE and told.stdout == ""
    assert re.search(re.escape(f"alert40 doctor: {file}: ") + said, told.stderr)
    assert len(told.stderr.splitlines()) == 2
    assert typed("check").returncode == FINE  # nobody else reads it


@pytest.mark.parametrize("text", [None, '{"billing": {}}'])
def test_a_name_that_no_app_has(own_apps, typed, text):
    if text:
        own_apps(text)
    told = typed("doctor", "biling")
    assert told.returncode == USAGE and '"biling" is none of cursor|vscode|' in told.stderr
    assert ('did you mean "billing"' in told.stderr) == bool(text)


@pytest.fixture
def sample_record():
    def line(host):
        return json.dumps({
            "type": "handshake", "id": "01J0000000000000000000000A", "time": "2026-11-23T03:04:05.678901Z", "side": "upstream",
            "connection": "01J0000000000000000000000B", "listener": "127.0.0.1:4040", "profile": "modern", "attempt": 1,
            "target": {"host": host, "port": 443, "address": "192.0.2.7", "resolver": "system", "via": "direct"},
            "negotiated": {"version": "1.3", "cipher_suite": "TLS_AES_128_GCM_SHA256", "group": "x25519", "alpn": "h2", "resumed": False},
            "outcome": "established", "timing_us": {"total": 1}}) + "\n"

    return line


def test_the_running_proxy_tells_which_hosts_came(start, origin, authority, findings):
    server = origin(identity=authority.issue("api2.cursor.sh"))
    running = start("--map", "0=https://api2.cursor.sh", "--connect-to", f"api2.cursor.sh:443:127.0.0.1:{server.port}",
                    SSL_CERT_FILE=str(authority.file))
    assert any("none of the hosts" in one for one in about(findings("cursor"), "hosts", "note"))
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{running.mapped}/") as answer:
        answer.read()
    assert any(one.startswith("api2.cursor.sh came: TLS 1.") for one in about(findings("cursor"), "hosts", "ok"))


def test_mistakes(typed):
    assert 'did you mean "cursor"' in typed("doctor", "curser").stderr
    assert typed("doctor", "--via", "nowhere").returncode == USAGE
