"""The policies that a user can start from, and every example of docs/policy.md, are run: on free ports, with real files."""
import pathlib
import re
import shutil

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIGS = sorted((ROOT / "configs").glob("*.toml"))
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", (ROOT / "docs/policy.md").read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def run(start, authority, tmp_path):
    """Starts alert40 with this policy, beside the files that the examples name."""
    client = authority.issue("client.example", client=True)
    for name, source in (("ca.pem", authority.file), ("ca.key", client.key), ("client.pem", client.cert), ("client.key", client.key)):
        shutil.copy(source, tmp_path / name)

    def run_policy(text):
        policy = tmp_path / "policy.toml"
        policy.write_text(re.sub(r'((?:listen|proxy)\s*=.*)', lambda line: re.sub(r":(40\d\d|443)\"", ':0"', line[1]), text))
        return start("--config", policy)

    return run_policy


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_a_policy_to_start_from(run, config):
    assert "listens on 127.0.0.1:" in run(config.read_text()).log


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_of_the_reference(run, example):
    assert "listens on 127.0.0.1:" in run(example).log


def test_there_are_examples():
    assert len(CONFIGS) >= 6
    assert len(EXAMPLES) >= 12
