"""alert40 explain, as a user types it: a message as words, a log on stdin, a code alone."""
import json
import os
import subprocess

import pytest

FINE, FAILED, USAGE = 0, 1, 2
ALERT_40 = "curl: (35) OpenSSL/3.0.17: error:0A000410:SSL routines::sslv3 alert handshake failure"
GOAWAY = 'http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=ENHANCE_YOUR_CALM, debug=""'


@pytest.fixture
def explain(binary, environment):

    def run(*words, text="", **options):
        return subprocess.run([binary, "explain", *words], input=text, env=environment, text=True, capture_output=True, timeout=60, **options)

    return run


def test_a_message_is_explained_top_down(explain):
    done = explain(ALERT_40)
    assert (done.returncode, done.stderr) == (FINE, "")
    first, *rest = done.stdout.splitlines()
    assert first == "The server found nothing acceptable in what it was offered, and sent alert 40."
    labels = [line.split()[0] for line in rest if line[2:3].strip() and not line.startswith("   ")]
    assert labels == ["text", "seen", "by", "alert", "who", "means", "but", "likely", "next"]
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_words_without_quotes_are_one_text(explain):
    assert explain(*"remote error: tls: handshake failure".split()).stdout == explain("remote error: tls: handshake failure").stdout


@pytest.mark.parametrize("code", ["0A000410", "14094410", "10000410", "1000009a", "handshake_failure", "40", "-9824"])
def test_a_code_alone_is_enough(explain, code):
    as_word, on_stdin = explain("--json", "--", code), explain("--json", text=code + "\n")
    assert as_word.stdout == on_stdin.stdout
    assert json.loads(as_word.stdout)["alert"]["id"] == 40


def test_a_mixed_log_has_each_failure_once_with_its_count(explain):
    log = [f"{ALERT_40} https://a.example/", "all is well", GOAWAY, "curl: (60) SSL certificate problem: certificate has expired"]
    done = explain("--json", text="\r\n".join(log * 50))
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == FINE
    assert [(one["failure"], one["line"], one["count"]) for one in found] == [
        ("handshake_failure", 1, 50), ("h2_enhance_your_calm", 3, 50), ("certificate_expired", 4, 50)]
    assert found[0]["hosts"] == ["a.example"]
    assert (found[0]["library"], found[0]["program"], found[0]["side"]) == ("OpenSSL 3", "curl", "client")


def test_what_is_not_known_is_said_to_be_so(explain):
    done = explain("the moon is full")
    assert (done.returncode, done.stdout) == (FAILED, "")
    assert "no failure of TLS or HTTP/2 is recognised" in done.stderr
    assert "alert40 diagnose HOST" in done.stderr
    assert explain(text="").returncode == FAILED


def test_a_wrong_flag_is_a_wrong_command_line(explain):
    done = explain("--jason", "x")
    assert done.returncode == USAGE
    assert 'did you mean "--json"' in done.stderr


def memory_for(size, binary, environment):
    """KiB, at most, for one line of so many bytes."""
    line = subprocess.Popen(["head", "-c", str(size), "/dev/zero"], stdout=subprocess.PIPE)
    reader = subprocess.Popen([binary, "explain"], stdin=line.stdout, env=environment, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(reader.pid, 0)
    reader.returncode = os.waitstatus_to_exitcode(status)
    line.stdout.close()
    assert (reader.returncode, line.wait()) == (FAILED, 0)
    return usage.ru_maxrss


def test_a_line_without_end_costs_no_memory(binary, environment):
    assert memory_for(256 << 20, binary, environment) < memory_for(1, binary, environment) + (96 << 10)


def test_hostile_bytes_do_not_reach_the_terminal(explain):
    done = explain(text="\x1b]0;owned\x07 remote error: tls: handshake failure \x9b31m\u202e\n" * 2)
    assert done.returncode == FINE
    assert all(character == "\n" or character.isprintable() for character in done.stdout)
