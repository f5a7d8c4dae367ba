"""What a diagnosis has to come to, and the table of what each came to (`make truth` prints it)."""
import dataclasses
import json
import subprocess
import time

PATIENCE = 120  # seconds
TABLE = []  # of (what, right, taken for, confidence, handshakes, seconds)


@dataclasses.dataclass
class Truth:
    """What has to come out. `target`: where it is not https://localhost:PORT/."""
    outcome: str
    causes: list
    mended_by: list = dataclasses.field(default_factory=list)
    confidence: str = "high"
    handshakes: int = 30  # no more than that
    target: str = ""


WORKS = Truth("healthy", [], handshakes=8)


def diagnose(binary, environment, *words):
    started = time.monotonic()
    done = subprocess.run([binary, "diagnose", *map(str, words), "--json"], env=environment, capture_output=True, text=True,
                          timeout=PATIENCE)
    assert done.returncode in (0, 1), done.stderr
    found = json.loads(done.stdout) | {"seconds": time.monotonic() - started}
    assert done.returncode == (0 if found["outcome"] in ("healthy", "noticed") else 1)
    return found


def check(found, truth, what):
    right = (found["outcome"], found["causes"], found["mended_by"], found["confidence"]) == (
        truth.outcome, truth.causes, truth.mended_by, truth.confidence)
    TABLE.append((what, "right" if right else "WRONG", ", ".join(found["causes"]) or found["outcome"], found["confidence"],
                  found["handshakes"], found["seconds"]))
    said = {key: found[key] for key in ("outcome", "causes", "mended_by", "confidence", "verdict", "evidence")}
    assert (found["outcome"], found["causes"], found["mended_by"]) == (truth.outcome, truth.causes, truth.mended_by), said
    assert found["confidence"] == truth.confidence, said
    assert found["handshakes"] <= truth.handshakes, said


def table():
    """A line a diagnosis, and the share of those that were right."""
    width = max(len(row[0]) for row in TABLE)
    lines = [f"{'':{width}} {'':6} {'taken for':56} {'sure':7} {'hellos':>6} {'s':>6}"]
    for what, right, cause, confidence, handshakes, seconds in TABLE:
        lines.append(f"{what:{width}} {right:6} {cause:56} {confidence:7} {handshakes:6} {seconds:6.2f}")
    share = sum(row[1] == "right" for row in TABLE) / len(TABLE)
    return lines + [f"{share:.0%} of {len(TABLE)} right, {sum(row[4] for row in TABLE)} handshakes"]
