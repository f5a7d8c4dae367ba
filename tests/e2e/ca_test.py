"""alert40 ca: the authority's files, who is told to trust it, and the way back."""
import json
import os
import pathlib
import shutil
import ssl
import stat
import subprocess
import tempfile

import pytest

FINE, FAILED, USAGE = 0, 1, 2

needs_certutil = pytest.mark.skipif(not shutil.which("certutil"), reason="needs certutil (libnss3-tools)")


@pytest.fixture
def typed(binary, environment, tmp_path):
    changed = environment | {"XDG_DATA_HOME": str(tmp_path / "data")}

    def run(*words, path=None, prefix=()):
        variables = changed | ({"PATH": path} if path else {})
        return subprocess.run([*prefix, binary, "ca", *words], cwd=tmp_path, env=variables, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60)

    return run


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data" / "alert40"


def nicknames(database):
    listed = subprocess.run(["certutil", "-L", "-d", f"sql:{database}"], text=True, capture_output=True, check=True)
    return [line.rsplit(None, 1)[0] for line in listed.stdout.splitlines() if "alert40" in line]


def make_profile(folder):
    folder.mkdir(parents=True)
    subprocess.run(["certutil", "-N", "-d", f"sql:{folder}", "--empty-password"], check=True)
    return folder


def test_init_makes_it_once(typed, data):
    made = typed("init")
    assert made.returncode == FINE and "SHA-256" in made.stdout
    assert stat.S_IMODE((data / "ca.key").stat().st_mode) == 0o600
    before = (data / "ca.pem").read_text()
    again = typed("init")
    assert again.returncode == FAILED and "it is there already" in again.stderr
    assert (data / "ca.pem").read_text() == before


def test_init_with_constraints_says_so(typed):
    assert typed("init", "--permit", "example.com", "--permit", "example.org").returncode == FINE
    shown = json.loads(typed("show", "--json").stdout)
    assert shown["permitted"] == ["example.com", "example.org"]


def test_show_says_what_it_is_and_where(typed, data):
    assert typed("show").returncode == FAILED
    typed("init")
    shown = json.loads(typed("show", "--json").stdout)
    assert shown["certificate"] == str(data / "ca.pem") and shown["key"] == str(data / "ca.key")
    assert shown["trusted_by"] == [] and shown["permitted"] == []
    text = typed("show").stdout
    assert shown["sha256"] in text and "no store" in text


def test_export_is_the_certificate_and_never_the_key(typed, data, tmp_path):
    typed("init")
    pem = typed("export").stdout
    assert pem == (data / "ca.pem").read_text() and "PRIVATE" not in pem
    assert typed("export", "--format", "der", "-o", "ca.der").returncode == FINE
    assert (tmp_path / "ca.der").read_bytes() == ssl.PEM_cert_to_DER_cert(pem)
    assert typed("export", "--format", "p12").returncode == USAGE
    assert typed("export", "-o", "missing/ca.pem").returncode == FAILED


@needs_certutil
def test_browsers_trust_it_and_then_no_more(typed, tmp_path):
    firefox = make_profile(tmp_path / ".mozilla" / "firefox" / "a.default")
    typed("init")
    done = typed("trust", "--nss", "--yes")
    assert done.returncode == FINE, done.stderr
    chromium = tmp_path / ".pki" / "nssdb"
    for database in (chromium, firefox):
        assert len(nicknames(database)) == 1
        assert f"certutil -d sql:{database} -A" in done.stdout
    assert {store["owner"] for store in json.loads(typed("show", "--json").stdout)["trusted_by"]} == {"Chromium", "Firefox"}

    again = typed("trust", "--nss", "--yes")
    assert again.returncode == FINE and "certutil" not in again.stdout and "already" in again.stdout
    assert len(nicknames(chromium)) == 1

    undone = typed("untrust", "--nss", "--yes")
    assert undone.returncode == FINE and f"certutil -d sql:{firefox} -D" in undone.stdout
    assert nicknames(chromium) == nicknames(firefox) == []
    assert "no store trusts it" in typed("untrust", "--nss", "--yes").stdout


@needs_certutil
def test_untrust_works_without_the_list_and_without_the_authority(typed, tmp_path, data):
    database = tmp_path / ".pki" / "nssdb"
    typed("trust", "--nss", "--yes")  # makes the authority too
    (data / "trust.json").unlink()
    assert typed("untrust", "--nss", "--yes").returncode == FINE and nicknames(database) == []

    typed("trust", "--nss", "--yes")
    (data / "ca.pem").unlink()
    (data / "ca.key").unlink()
    assert typed("untrust", "--nss", "--yes").returncode == FINE and nicknames(database) == []


def test_a_dry_run_changes_nothing(typed, tmp_path, data):
    typed("init")
    before = sorted(data.iterdir())
    told = typed("trust", "--dry-run")
    assert told.returncode == FINE and "certutil" in told.stdout
    assert sorted(data.iterdir()) == before and not (tmp_path / ".pki").exists()


def test_nothing_is_changed_without_a_yes(typed, tmp_path):
    refused = typed("trust", "--nss")
    assert refused.returncode == USAGE and "--yes" in refused.stderr
    assert not (tmp_path / ".pki").exists()


@pytest.fixture
def machine(tmp_path):
    """A PATH on which the commands that change a system only write down how they were called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("install", "update-ca-certificates"):
        (folder / name).write_text(f'#!/bin/sh\necho {name} "$@" >> {tmp_path}/called\n')
        (folder / name).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes the system's store")
def test_root_changes_the_systems_store(typed, tmp_path, data, machine):
    typed("init")
    fingerprint = json.loads(typed("show", "--json").stdout)["sha256"].replace(":", "").lower()[:16]
    done = typed("trust", "--system", "--yes", path=machine)
    assert done.returncode == FINE, done.stderr
    target = f"/usr/local/share/ca-certificates/alert40-{fingerprint}.crt"
    assert (tmp_path / "called").read_text().splitlines() == [f"install -m 0644 {data}/ca.pem {target}", "update-ca-certificates"]
    assert f"  install -m 0644 {data}/ca.pem {target}\n  update-ca-certificates\n" in done.stdout
    undone = typed("untrust", "--system", "--yes", path=machine)
    assert undone.returncode == FINE and f"  rm -f {target}\n  update-ca-certificates\n" in undone.stdout


def open_to_others(file):
    return all(stat.S_IMODE(folder.stat().st_mode) & 0o001 for folder in (file, *file.resolve().parents))


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs to become somebody else")
@pytest.mark.skipif(not shutil.which("update-ca-certificates"), reason="needs ca-certificates")
def test_others_are_told_what_root_would_do(binary, environment):
    if not open_to_others(binary):
        pytest.skip("the program is closed to others")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        theirs = {name: folder for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")}
        told = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", binary, "ca", "trust", "--system", "--yes"],
                              env=environment | theirs, text=True, capture_output=True, timeout=60)
    assert told.returncode == FAILED
    assert "  sudo install -m 0644 " in told.stdout and "  sudo update-ca-certificates\n" in told.stdout


def test_without_certutil_its_package_is_named(typed, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    if any(pathlib.Path(folder, "certutil").exists() for folder in ("/usr/sbin", "/sbin")):
        pytest.skip("certutil is where it cannot be hidden")
    for name in ("mkdir", "rm"):
        (empty / name).symlink_to(shutil.which(name))
    failed = typed("trust", "--nss", "--yes", path=str(empty))
    assert failed.returncode == FAILED and "libnss3-tools" in failed.stderr


@pytest.mark.parametrize("words, status, stderr", [
    ((), USAGE, "a command is missing: init, show, export, trust or untrust"),
    (("shwo",), USAGE, 'did you mean "show"'),
    (("trust", "--dryrun"), USAGE, 'did you mean "--dry-run"'),
    (("init", "--permit", "a..b"), FAILED, "a..b"),
])
def test_mistakes(typed, words, status, stderr):
    result = typed(*words)
    assert result.returncode == status and stderr in result.stderr and result.stdout == ""


def test_help_goes_down(typed):
    assert "untrust" in typed("--help").stdout
    assert "usage: alert40 ca trust" in typed("trust", "--help").stdout
