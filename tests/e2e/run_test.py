"""alert40 run as a process: greeting, control socket, reload, signals. No request passes here."""
import json
import os
import pathlib
import signal
import socket
import subprocess

import pytest

pytestmark = pytest.mark.tsan

RULE = '[[rule]]\nname = "{}"\nhost = "a.example"\nprofile = "http1"\n'


@pytest.fixture
def ask(binary, environment):
    def run(*words):
        return subprocess.run([binary, *words], env=environment, text=True, capture_output=True, timeout=30)

    return run


def rules(ask):
    return [rule["name"] for rule in json.loads(ask("status", "--json").stdout)["rules"]]


def test_greeting(start):
    proxy = start("--map", "127.0.0.1:0=https://a.example")
    assert "policy: the built-in policy" in proxy.log
    assert f"listens on 127.0.0.1:{proxy.ports[0]}\n" in proxy.log
    assert f"listens on 127.0.0.1:{proxy.ports[1]} -> https://a.example\n" in proxy.log
    assert f"try: curl http://example.com.localhost:{proxy.ports[0]}/" in proxy.log
    assert "\033" not in proxy.log


def test_status_and_forget(start, ask):
    proxy = start("--map", "127.0.0.1:0=https://a.example")
    report = json.loads(ask("status", "--json").stdout)
    assert report["pid"] == proxy.process.pid
    assert report["listening"][0] == f"127.0.0.1:{proxy.ports[0]}"
    assert report["policy"]["name"] == "the built-in policy" and report["policy"]["problem"] is None
    assert f"listening on 127.0.0.1:{proxy.ports[1]} -> https://a.example" in ask("status").stdout
    nothing = ask("forget", "unknown.example")
    assert (nothing.returncode, nothing.stdout) == (1, "forgotten: 0 entries\n")
    everything = ask("forget", "--all", "--json")
    assert everything.returncode == 0 and "forgotten" in json.loads(everything.stdout)


def test_of_two_proxies_one_is_named(start, ask):
    one, other = start(), start()
    both = ask("status")
    assert both.returncode == 1
    for proxy in (one, other):
        assert f"--port {proxy.ports[0]}" in both.stderr
        report = json.loads(ask("status", "--json", "--port", str(proxy.ports[0])).stdout)
        assert report["pid"] == proxy.process.pid


def test_an_address_in_use(start, binary, environment):
    running = start()
    taken = running.ports[0]
    result = subprocess.run([binary, "run", "--listen", str(taken)], env=environment, text=True, capture_output=True,
                            timeout=30)
    assert result.returncode == 1
    what, who = result.stderr.splitlines()
    assert f"127.0.0.1:{taken}" in what
    assert "alert40 listens there already" in who and f"pid {running.process.pid}" in who


def test_an_authority_that_cannot_be_used_is_told_at_the_start(start, ask, tmp_path):
    (tmp_path / "alert40").mkdir()
    (tmp_path / "alert40/ca.pem").write_text("no certificate")
    proxy = start("--intercept", "origin.test", XDG_DATA_HOME=str(tmp_path))
    proxy.wait_for("warning no app can be intercepted: .*alert40.ca")
    assert ask("status", "--port", str(proxy.ports[0])).returncode == 0  # it runs all the same


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well(start, environment, number):
    proxy = start()
    sockets = pathlib.Path(environment["XDG_RUNTIME_DIR"]) / "alert40"
    assert [file.name for file in sockets.iterdir()] == [f"{proxy.ports[0]}.sock"]
    proxy.signal(number)
    assert proxy.wait() == 0
    assert list(sockets.iterdir()) == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", proxy.ports[0]))


def test_a_changed_policy_is_loaded_without_a_restart(start, ask, tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text(RULE.format("first"))
    proxy = start("--config", str(policy))
    assert rules(ask) == ["first"]
    mark = proxy.mark()
    policy.write_text(RULE.format("second"))
    proxy.wait_for("policy loaded again", since=mark)
    assert rules(ask) == ["second"]


def test_a_replaced_policy_is_noticed(start, ask, tmp_path):
    policy, new = tmp_path / "policy.toml", tmp_path / "policy.toml.new"
    policy.write_text(RULE.format("first"))
    proxy = start("--config", str(policy))
    mark = proxy.mark()
    new.write_text(RULE.format("other"))
    os.replace(new, policy)
    proxy.wait_for("policy loaded again", since=mark)
    assert rules(ask) == ["other"]


def test_sighup_loads_again(start):
    proxy = start()
    mark = proxy.mark()
    proxy.signal(signal.SIGHUP)
    proxy.wait_for("policy loaded again", since=mark)


def test_a_wrong_policy_changes_nothing_and_says_so(start, ask, tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text(RULE.format("first"))
    proxy = start("--config", str(policy))
    mark = proxy.mark()
    policy.write_text('[[rule]]\nhots = "a.example"\n')
    proxy.wait_for(r"policy\.toml:2:1: .*stays in force", since=mark)
    assert rules(ask) == ["first"]
    assert "policy.toml:2:1" in json.loads(ask("status", "--json").stdout)["policy"]["problem"]
    mark = proxy.mark()
    policy.write_text(RULE.format("mended"))
    proxy.wait_for("policy loaded again", since=mark)
    assert rules(ask) == ["mended"]
    assert json.loads(ask("status", "--json").stdout)["policy"]["problem"] is None


def test_a_policy_that_goes_away_stays_in_force(start, ask, tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text(RULE.format("first"))
    proxy = start("--config", str(policy))
    mark = proxy.mark()
    policy.unlink()
    proxy.wait_for(r"is gone.*stays in force", since=mark)
    assert rules(ask) == ["first"]


def test_the_users_policy_is_found_and_noticed_when_it_appears(start, ask, environment):
    proxy = start()
    assert rules(ask) == []
    mark = proxy.mark()
    folder = pathlib.Path(environment["XDG_CONFIG_HOME"]) / "alert40"
    folder.mkdir(parents=True)
    (folder / "policy.toml").write_text(RULE.format("from home"))
    proxy.wait_for("policy loaded again", since=mark)
    assert rules(ask) == ["from home"]


def test_flags_stay_in_front_over_a_reload(start, ask, tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text(RULE.format("first"))
    proxy = start("--config", str(policy), "--connect-to", "a.example:443:127.0.0.1:9443", "--profile", "tls12")
    mark = proxy.mark()
    policy.write_text(RULE.format("second"))
    proxy.wait_for("policy loaded again", since=mark)
    assert rules(ask) == ["--connect-to a.example:443:127.0.0.1:9443", "command line", "second"]


def test_a_weak_profile_is_warned_about_at_every_load(start):
    proxy = start("--host", "old.example", "--profile", "legacy")
    proxy.wait_for(r"legacy.*weak.*old\.example")
    mark = proxy.mark()
    proxy.signal(signal.SIGHUP)
    proxy.wait_for(r"legacy.*weak.*old\.example", since=mark)


def test_quiet(binary, environment):
    process = subprocess.Popen([binary, "run", "--quiet", "--listen", "127.0.0.1:0"], env=environment, text=True,
                               stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    sockets = pathlib.Path(environment["XDG_RUNTIME_DIR"]) / "alert40"
    while not (sockets.is_dir() and list(sockets.iterdir())):
        assert process.poll() is None
    process.terminate()
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_does_not_wait_for_what_is_under_way(start, number):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        proxy = start("--map", f"127.0.0.1:0=http://127.0.0.1:{silent.getsockname()[1]}")
        with socket.create_connection(("127.0.0.1", proxy.ports[1])) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            silent.accept()[0].recv(1)  # the request is under way, and will be for ever
            mark = proxy.mark()
            proxy.signal(number)
            proxy.wait_for("once more stops at once", since=mark)
            proxy.signal(number)
            assert proxy.wait() == -number
            proxy.killed = True
