"""alert40 env and alert40 exec: what points an app here, and a command that is."""
import json
import pathlib
import shutil
import signal
import subprocess

import pytest

FINE, FAILED, USAGE = 0, 1, 2

POLICY = """
[[rule]]
name = "test"
host = "origin.test"
address = "127.0.0.1:{port}"
via = "direct"
"""


TRUST = ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "DENO_CERT", "REQUESTS_CA_BUNDLE", "PIP_CERT", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE",
         "CARGO_HTTP_CAINFO", "GIT_SSL_CAINFO", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "NO_PROXY", "no_proxy")


@pytest.fixture
def environment(environment):
    """Of a machine that names no authorities of its own."""
    return {name: value for name, value in environment.items() if name not in TRUST}


def variables_after(script, environment, shell="bash"):
    """What a real shell exports after it has evaluated the text."""
    shown = subprocess.run([shell, "-c", f'eval "$1"; env -0', shell, script], env=environment, capture_output=True, check=True)
    return dict(entry.split("=", 1) for entry in shown.stdout.decode().split("\0") if entry)


def test_a_shell_is_pointed_at_the_running_proxy(typed, start, environment):
    proxy = start()
    variables = variables_after(typed("env").stdout, environment | {"NO_PROXY": "corp.example"})
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
        assert variables[name] == f"http://127.0.0.1:{proxy.port}"
    assert variables["NODE_USE_ENV_PROXY"] == "1"


def test_what_the_running_proxy_was_told_counts(typed, start, environment, tmp_path):
    """Its flags and its authority, not the policy that this shell would find."""
    (tmp_path / "policy.toml").write_text('[listen]\ncredentials = "user:word"\n')
    start("--intercept", "origin.test", "--config", str(tmp_path / "policy.toml"), XDG_DATA_HOME=str(tmp_path / "proxys"))
    variables = variables_after(typed("env").stdout, environment)
    assert variables["HTTPS_PROXY"].startswith("http://user:word@")
    assert variables["NODE_EXTRA_CA_CERTS"] == str(tmp_path / "proxys/alert40/ca.pem")


def test_without_one_it_is_where_the_policy_listens(typed):
    assert "http://127.0.0.1:4040" in typed("env").stdout
    assert "http://127.0.0.1:7777" in typed("env", "--proxy", "http://127.0.0.1:7777").stdout
    assert typed("env", "--proxy", "nowhere").returncode == USAGE


def test_no_proxy_keeps_what_it_had(typed):
    assert "export NO_PROXY=corp.example,localhost,127.0.0.1,::1\n" in typed("env", NO_PROXY="corp.example").stdout


def test_without_an_authority_a_comment_says_so(typed):
    printed = typed("env").stdout
    assert "CERT" not in printed.replace("certificates", "") and "alert40 ca init" in printed


def test_with_an_authority_the_bundle_is_the_systems_and_ours(typed, environment, tmp_path, authority):
    typed("ca", "init")
    system = {"SSL_CERT_FILE": str(authority.file)}  # stands for the system's
    variables = variables_after(typed("env", **system).stdout, environment)
    ours = typed("ca", "export").stdout
    bundle = pathlib.Path(variables["SSL_CERT_FILE"])
    assert variables["NODE_EXTRA_CA_CERTS"] == str(tmp_path / "data/alert40/ca.pem")
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"):
        assert variables[name] == str(bundle)
    assert bundle.read_text() == authority.file.read_text() + ours
    again = variables_after(typed("env", SSL_CERT_FILE=str(bundle)).stdout, environment)  # in a shell that was pointed here already
    assert again["SSL_CERT_FILE"] == str(bundle) and bundle.read_text().count(ours) == 1
    assert variables_after(typed("env").stdout, environment)["SSL_CERT_FILE"] != str(bundle)  # another shell's is another file
    assert bundle.read_text() == authority.file.read_text() + ours


@pytest.mark.parametrize("name", ["NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "GIT_SSL_CAINFO",
                                  "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"])
def test_what_a_variable_named_before_is_still_trusted(typed, environment, authority, name):
    typed("ca", "init")
    ours = typed("ca", "export").stdout
    variables = variables_after(typed("env", **{name: str(authority.file)}).stdout, environment)
    assert pathlib.Path(variables[name]).read_text() == authority.file.read_text() + ours
    assert authority.file.read_text() not in pathlib.Path(variables["SSL_CERT_FILE"]).read_text()


def test_a_folder_of_authorities_is_left_alone(typed, environment, tmp_path):
    typed("ca", "init")
    assert "REQUESTS_CA_BUNDLE" not in variables_after(typed("env", REQUESTS_CA_BUNDLE=str(tmp_path)).stdout, environment)


def test_an_app_that_is_only_watched_keeps_its_own_authorities(typed, origin, authority, tmp_path):
    typed("ca", "init")
    (tmp_path / "policy.toml").write_text(POLICY.format(port=origin().port))
    done = typed("exec", "--config", "policy.toml", "--", "curl", "-sS", "--fail", "-o", "body", "https://origin.test/",
                 CURL_CA_BUNDLE=str(authority.file))
    assert done.returncode == FINE, done.stderr


def test_a_rule_that_intercepts_makes_the_authority(typed, tmp_path):
    (tmp_path / "policy.toml").write_text('[[rule]]\nhost = "origin.test"\nmode = "intercept"\n')
    assert "NODE_EXTRA_CA_CERTS" in typed("env", "--config", "policy.toml").stdout
    assert (tmp_path / "data/alert40/ca.pem").exists()


def test_unset_takes_it_back(typed, environment):
    script = typed("env").stdout + typed("env", "--unset").stdout
    variables = variables_after(script, environment)
    assert not [name for name in variables if name.lower() in ("https_proxy", "http_proxy", "ssl_cert_file")]


def test_unset_restores_what_there_was(typed, environment, authority):
    typed("ca", "init")
    own = {"NO_PROXY": "corp.internal", "SSL_CERT_FILE": str(authority.file), "HTTPS_PROXY": "http://corp.internal:3128"}
    pointed = variables_after(typed("env", **own).stdout, environment | own)
    assert all(pointed[name] != value for name, value in own.items())
    pointed = variables_after(typed("env", **pointed).stdout, pointed)  # twice is as once
    back = variables_after(typed("env", "--unset", **pointed).stdout, pointed)
    assert {name: back.get(name) for name in own} == own
    assert not {"HTTP_PROXY", "no_proxy", "NODE_EXTRA_CA_CERTS", "ALERT40_BEFORE"} & back.keys()


@pytest.mark.parametrize("shell", ["zsh", "dash", "fish"])
def test_other_shells_read_theirs(typed, environment, shell):
    if not shutil.which(shell):
        pytest.skip(f"needs {shell}")
    printed = typed("env", "--shell", "fish" if shell == "fish" else "sh").stdout
    script = 'eval $argv[1]; env -0' if shell == "fish" else 'eval "$1"; env -0'
    shown = subprocess.run([shell, "-c", script, *([] if shell == "fish" else [shell]), printed], env=environment,
                           capture_output=True, check=True)
    assert b"HTTPS_PROXY=http://127.0.0.1:4040\0" in shown.stdout


def test_the_settings_of_editors_check_certificates(typed):
    for editor in ("cursor", "vscode"):
        printed = typed("env", "--for", editor).stdout
        settings = json.loads("\n".join(line for line in printed.splitlines() if not line.startswith("//")))
        assert settings["http.proxy"] == "http://127.0.0.1:4040" and settings["http.proxySupport"] == "override"
        assert settings["http.proxyStrictSSL"] is True
    assert "disableHttp2" in typed("env", "--for", "cursor").stdout


def test_env_as_json(typed):
    told = json.loads(typed("env", "--for", "all", "--json").stdout)
    assert told["proxy"] == told["variables"]["HTTPS_PROXY"] and told["certificates"] is None


@pytest.mark.skipif(not shutil.which("keytool"), reason="needs keytool")
def test_java_gets_a_store_of_its_own(typed, tmp_path):
    typed("ca", "init")
    printed = typed("env", "--for", "java").stdout
    if "keytool" in printed:
        pytest.skip("this Java has no authorities")
    store = tmp_path / "data/alert40/java-cacerts"
    assert f"-Djavax.net.ssl.trustStore={store}" in printed
    listed = subprocess.run(["keytool", "-list", "-keystore", store, "-storepass", "changeit"], text=True, capture_output=True)
    assert "alert40," in listed.stdout
    before = store.stat().st_mtime_ns
    typed("env", "--for", "java")
    assert store.stat().st_mtime_ns == before


# alert40 exec

def test_a_command_comes_through_a_proxy_of_its_own(typed, origin, authority, tmp_path):
    """The app speaks http to the proxy: no tunnel is needed for a handshake to be counted."""
    server = origin()
    (tmp_path / "policy.toml").write_text(POLICY.format(port=server.port))
    done = typed("exec", "--config", "policy.toml", "--record", "records.jsonl", "--", "curl", "-sS", "--fail",
                 "--request-target", "https://origin.test/", "http://origin.test/", SSL_CERT_FILE=str(authority.file))
    assert done.returncode == FINE, done.stderr
    assert "origin.test:443  1x  TLS 1." in done.stderr
    record = json.loads((tmp_path / "records.jsonl").read_text().splitlines()[0])
    assert record["target"]["host"] == "origin.test"


def test_a_command_trusts_what_is_intercepted(typed, origin, authority, tmp_path):
    server = origin()
    (tmp_path / "policy.toml").write_text(POLICY.format(port=server.port))
    done = typed("exec", "--config", "policy.toml", "--intercept", "origin.test", "--", "curl", "-sS", "--fail",
                 "-w", "%{certs}", "https://origin.test/", SSL_CERT_FILE=str(authority.file))
    assert done.returncode == FINE, done.stderr
    assert "alert40 local authority" in done.stdout and "origin.test:443  1x  TLS 1." in done.stderr


def test_a_tunnel_is_in_the_summary(typed, origin, authority, tmp_path):
    server = origin()
    (tmp_path / "policy.toml").write_text(POLICY.format(port=server.port))
    done = typed("exec", "--config", "policy.toml", "--", "curl", "-sS", "--fail", "-o", "body", "--cacert", authority.file,
                 "https://origin.test/")
    assert done.returncode == FINE, done.stderr
    assert "origin.test:443  1x  TLS 1.3 watched\n" in done.stderr


def test_a_shell_that_points_to_a_proxy_that_has_ended_leads_nowhere(typed, tmp_path):
    """Ours would have been led there too. Nothing answers at the address either: no origin of a test is reached by a proxy."""
    policy = '[[rule]]\nname = "test"\nhost = "origin.test"\naddress = "192.0.2.1"\nvia = "env"\n'
    (tmp_path / "policy.toml").write_text(policy)
    done = typed("exec", "--config", "policy.toml", "--record", "records.jsonl", "--", "curl", "-sS", "https://origin.test/",
                 HTTPS_PROXY="http://127.0.0.1:1")
    assert "nobody listens on 127.0.0.1:1, where HTTPS_PROXY leads; going without" in done.stderr
    assert json.loads((tmp_path / "records.jsonl").read_text().splitlines()[0])["target"]["via"] == "direct"


def test_a_refusal_is_in_the_summary(typed, origin, authority, tmp_path):
    server = origin("alert:40")
    (tmp_path / "policy.toml").write_text(POLICY.format(port=server.port))
    done = typed("exec", "--config", "policy.toml", "--profile", "http1", "--", "curl", "-sS", "--fail", "-o", "body",
                 "--request-target", "https://origin.test/", "http://origin.test/", SSL_CERT_FILE=str(authority.file))
    assert done.returncode == 22
    assert "never established" in done.stderr and "1x alert 40 handshake_failure received" in done.stderr


def test_the_status_is_the_commands_own(typed):
    assert typed("exec", "--", "sh", "-c", "exit 41").returncode == 41
    assert typed("exec", "--", "sh", "-c", "kill -KILL $$").returncode == 128 + signal.SIGKILL
    missing = typed("exec", "--", "no-such-program-here")
    assert missing.returncode == 127 and "no-such-program-here" in missing.stderr
    assert typed("exec").returncode == USAGE


def test_the_status_is_the_commands_own_where_the_running_proxy_ends_before_it(typed, start):
    proxy = start()
    done = typed("exec", "--", "sh", "-c", f"kill {proxy.process.pid}; while [ -e /proc/{proxy.process.pid}/fd/0 ]; do sleep 0.1; done; "
                                           f"exit 41")
    proxy.wait()
    assert done.returncode == 41, done.stderr


def test_a_parent_that_ignores_its_children_is_no_reason_to_wait_forever(binary, environment):
    done = subprocess.run([binary, "exec", "-q", "--", "sh", "-c", "exit 41"], env=environment, timeout=60,
                          preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    assert done.returncode == 41


def test_streams_and_arguments_are_the_commands_own(typed):
    done = typed("exec", "-q", "--", "sh", "-c", 'echo "$1"; echo err >&2', "sh", "--a b; $HOME")
    assert done.stdout == "--a b; $HOME\n" and done.stderr == "err\n"


def test_a_signal_is_passed_on(binary, environment, tmp_path):
    command = subprocess.Popen([binary, "exec", "--", "sh", "-c", "trap 'exit 9' TERM; echo ready; while :; do sleep 0.1; done"],
                               env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert command.stdout.readline() == "ready\n"
    command.terminate()
    assert command.wait(60) == 9
    command.stdout.close()


def test_a_proxy_that_runs_is_used(typed, start):
    proxy = start()
    done = typed("exec", "--", "sh", "-c", "echo $HTTPS_PROXY")
    assert done.stdout == f"http://127.0.0.1:{proxy.port}\n" and "running proxy" in done.stderr
    own = typed("exec", "--intercept", "origin.test", "--", "sh", "-c", "echo $HTTPS_PROXY $NODE_EXTRA_CA_CERTS")
    assert f":{proxy.port}\n" not in own.stdout and "ca.pem" in own.stdout


def test_a_connection_that_was_kept_is_no_sign_that_nothing_came(typed, start, origin, authority, tmp_path):
    (tmp_path / "policy.toml").write_text(POLICY.format(port=origin().port))
    start("--config", str(tmp_path / "policy.toml"), "--intercept", "origin.test", "--threads", "1", SSL_CERT_FILE=str(authority.file),
          XDG_DATA_HOME=str(tmp_path / "data"))
    said = [typed("exec", "--", "curl", "-sS", "--fail", "-o", "body", "https://origin.test/") for _ in range(2)]
    assert [one.returncode for one in said] == [FINE, FINE], said[0].stderr
    assert "origin.test:443  1x  TLS 1." in said[0].stderr
    assert "origin.test:443  1x  intercepted; no new handshake with the origin\n" in said[1].stderr


def test_a_refusal_in_a_tunnel_is_said_in_the_words_of_the_log(typed, origin, tmp_path):
    (tmp_path / "policy.toml").write_text(POLICY.format(port=origin("alert:40").port))
    done = typed("exec", "--config", "policy.toml", "--", "curl", "-sS", "https://origin.test/")
    assert "1x alert 40 handshake_failure from the server" in done.stderr and "hint: " in done.stderr
