"""What the remedies tell people to paste is taken by the program as it stands: each command runs, each piece of a policy checks.

The remedies are those of every cause, as tests/golden/record/probable_causes.txt has them.
"""
import pathlib
import re
import shlex
import shutil

import pytest

from origin.certificates import Authority
from running_proxy import RunningProxy

GOLDEN = pathlib.Path(__file__).parents[1] / "golden/record/probable_causes.txt"
REMEDIES = [line[2:] for line in dict.fromkeys(GOLDEN.read_text().splitlines()) if line.startswith("- ") and "`" in line]
SECTIONS = {"rule": '[[rule]]\nhost = "api.example.com"\n', "profile": "[profile.own]\n"}


def pasted(remedy):
    return re.findall(r"`([^`]+)`", remedy)


def policies_in(remedy):
    """A remedy that opens a section is one policy; else each of its pieces goes where the words say: into a rule or a profile."""
    pieces = [piece for piece in pasted(remedy) if piece.startswith("[") or " = " in piece]
    if pieces and pieces[0].startswith("["):
        return ["\n".join(pieces) + "\n"]
    return [section + piece + "\n" for piece in pieces for word, section in SECTIONS.items()
            if re.search(rf"\b{word}\b", remedy) and belongs(piece, word)]


def belongs(piece, section):
    """`split_hello` goes into either; of the rest, each key has one place."""
    of_a_rule = ("profile", "mode", "address", "resolver", "via", "watch_if_untrusted", "split_hello")
    key = piece.split(" = ")[0]
    return key in of_a_rule if section == "rule" else key not in of_a_rule or key == "split_hello"


@pytest.fixture
def folder(tmp_path):
    """With the files that the remedies name."""
    authority = Authority(tmp_path, "of the remedies")
    own = authority.issue("client.test", client=True)
    for source, name in ((authority.file, "ca.pem"), (own.cert, "client.pem"), (own.key, "client.key")):
        shutil.copy(source, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("remedy", [remedy for remedy in REMEDIES if " = " in remedy])
def test_a_piece_of_a_policy_checks(remedy, folder, typed):
    policies = policies_in(remedy)
    named = [piece for piece in pasted(remedy) if " = " in piece]
    assert all(any(piece in policy for policy in policies) for piece in named), "the words do not say where it belongs"
    for policy in policies:
        (folder / "pasted.toml").write_text(policy)
        done = typed("check", "pasted.toml")
        assert done.returncode == 0, policy + done.stdout + done.stderr


COMMANDS = {piece: remedy for remedy in REMEDIES for piece in pasted(remedy) if piece.startswith("alert40 ")}


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("alert40 run ")])
def test_a_proxy_starts(command, folder, binary, environment):
    """On free ports, and with the policy that the same remedy tells of."""
    policy = folder / "pasted.toml"
    policy.write_text("\n".join(policies_in(COMMANDS[command])[:1]))
    words = shlex.split(command.replace("4050=", "0="))[2:]
    running = RunningProxy(binary, [*words, "--listen", "127.0.0.1:0", "--config", str(policy)], environment,
                           prefix=("env", "-C", str(folder)))
    running.stop()


@pytest.mark.parametrize("command", [command for command in COMMANDS if not command.startswith("alert40 run ")])
def test_another_command_runs(command, folder, typed):
    assert typed("ca", "init").returncode == 0
    words = shlex.split(command)[1:]
    done = typed(*words, *(["--dry-run"] if words == ["ca", "trust"] else []))
    assert done.returncode == 0, done.stdout + done.stderr
