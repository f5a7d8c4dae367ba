"""git through tunnels: clone and push over smart HTTP. Debian's git speaks TLS by GnuTLS, and offers h2."""
import subprocess

import pytest

from node_clients import plain_environment
from origin.git_repository import git_resource
from origin.rules import rule
from tunnels import mode, open_tunnel, our_authority, tunnel  # noqa: F401

PATIENCE = 60
URL = "https://origin.test/git/project.git"
AUTHOR = ["-c", "user.name=Test", "-c", "user.email=test@origin.test"]


@pytest.fixture
def git(tmp_path):
    def run(*words, tunnel=None, folder=None):
        environment = plain_environment() | {"HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        environment |= tunnel.variables if tunnel else {}
        return subprocess.run(["git", *map(str, words)], cwd=folder or tmp_path, env=environment, capture_output=True, text=True,
                              timeout=PATIENCE)

    return run


def test_git_that_does_not_trust_says_so_by_hanging_up(origin, open_tunnel, git, authority):
    """GnuTLS looks at the certificate after its handshake, and closes without a word."""
    lenient = '[[rule]]\nname = "lenient"\nhost = "origin.test"\nwatch_if_untrusted = "1h"\n'
    through = open_tunnel("intercept", origin().port, first=lenient)
    through.ca = authority.file
    done = git("ls-remote", URL, tunnel=through)
    assert done.returncode != 0 and "certificate" in done.stderr, done.stderr
    established = through.record("downstream", outcome="established")
    through.running.wait_for("downstream origin.test.* closed without a request.*alert40 ca trust.*GIT_SSL_CAINFO.*watched from now on for 1h")
    [broken] = [one for one in through.running.records("connection_failure") if one["side"] == "downstream"]
    assert broken["handshake"] == established["id"] and broken["failure"]["by"] == "downstream"
    git("ls-remote", URL, tunnel=through)
    through.record("upstream", mode="watch")


@pytest.fixture
def repositories(tmp_path, git):
    """A folder with project.git, in which there is one commit with a file that takes more than one TLS record."""
    work, bare = tmp_path / "work", tmp_path / "served/project.git"
    for words in (["init", "-q", "-b", "main", work], ["init", "-q", "--bare", "-b", "main", bare]):
        assert git(*words).returncode == 0
    (work / "file").write_bytes(b"".join(b"%d\n" % (number * number) for number in range(100_000)))
    for words in (["add", "."], [*AUTHOR, "commit", "-qm", "first"], ["push", "-q", bare, "main"]):
        done = git(*words, folder=work)
        assert done.returncode == 0, done.stderr
    assert git("config", "http.receivepack", "true", folder=bare).returncode == 0
    return bare.parent


@pytest.fixture
def served(origin, repositories):
    return lambda *rules: origin(*rules, resources={"git": git_resource(repositories)})


def clone_and_push(git, through, tmp_path, repositories):
    clone = tmp_path / "clone"
    done = git("clone", "-q", URL, clone, tunnel=through)
    assert done.returncode == 0, done.stderr
    assert (clone / "file").read_bytes() == (tmp_path / "work/file").read_bytes()
    (clone / "file").write_bytes((clone / "file").read_bytes()[::-1])
    assert git(*AUTHOR, "commit", "-qam", "second", folder=clone).returncode == 0
    done = git("push", "-q", "origin", "main", tunnel=through, folder=clone)
    assert done.returncode == 0, done.stderr
    assert git("log", "-1", "--format=%s", "main", folder=repositories / "project.git").stdout == "second\n"


def test_clone_and_push(served, repositories, tunnel, git, tmp_path):
    through = tunnel(served().port)
    clone_and_push(git, through, tmp_path, repositories)
    through.passed()


def test_an_origin_that_answers_alert_40_to_h2(served, repositories, tunnel, git, tmp_path):
    through = tunnel(served(rule("alert:40", when="alpn=h2")).port)
    if through.intercepted:
        clone_and_push(git, through, tmp_path, repositories)
        through.mended()
    else:
        done = git("ls-remote", URL, tunnel=through)
        assert done.returncode == 128 and "andshake fail" in done.stderr, done.stderr
        through.refused()
