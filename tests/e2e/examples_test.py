"""The policies that a user can start from, and every example of docs/policy.md, are run: on free ports, with real files."""
import pathlib
import re
import shutil

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIGS = sorted((ROOT / "configs").glob("*.toml"))
APPS = re.findall(r'^    "(\w+)": \{', (ROOT / "configs/apps.json").read_text(), re.MULTILINE)
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


@pytest.mark.parametrize("app", APPS)
def test_the_apps_to_start_from(typed, environment, app):
    built_in = typed("doctor", app).stdout
    assert ("JAVA_TOOL_OPTIONS" if app == "java" else "HTTPS_PROXY") + " is not set" in built_in
    folder = pathlib.Path(environment["XDG_CONFIG_HOME"]) / "alert40"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "configs/apps.json", folder)
    assert typed("doctor", app).stdout == built_in


def test_there_are_examples():
    assert len(APPS) >= 8
    assert len(CONFIGS) >= 6
    assert len(EXAMPLES) >= 12
