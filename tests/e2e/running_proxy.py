"""One alert40 run, as its user sees it: what it prints, where it listens, what it records, how it ends."""
import json
import pathlib
import re
import signal
import subprocess
import threading
import time

PATIENCE = 60  # seconds; for a build with sanitizers on a busy machine
SANITIZER = re.compile(r"(Address|Leak|Thread|UndefinedBehavior)Sanitizer|runtime error: ")


class RunningProxy:
    """`ports[0]` is the first listener's. `wait_for` reads the log."""

    def __init__(self, binary, flags, environment, prefix=(), command="run"):
        self.process = subprocess.Popen([*prefix, binary, command, *flags], env=environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
        self.record_file = None
        if "--record" in flags:
            self.record_file = pathlib.Path(flags[flags.index("--record") + 1])
        self.killed = False
        self.lines = []
        self._news = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for(r"^  try: ")
        self.ports = [int(port) for port in re.findall(r"listens on \S+:(\d+)", self.log)]

    def _read(self):
        for line in self.process.stderr:
            with self._news:
                self.lines.append(line)
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    @property
    def log(self):
        return "".join(self.lines)

    @property
    def port(self):
        """Of the proxy listener."""
        return self.ports[0]

    @property
    def mapped(self):
        """The port that stands for https://origin.test."""
        return self.ports[1]

    def records(self, kind="handshake"):
        """What --record wrote so far. Whoever reads while a line is being written may see its beginning: it counts when it is whole."""
        text = self.record_file.read_text() if self.record_file.exists() else ""
        lines = text[:text.rfind("\n") + 1].splitlines()
        return [record for record in map(json.loads, lines) if record["type"] == kind]

    def mark(self):
        """A place in the log, for `wait_for(..., since=)`."""
        return len(self.lines)

    def wait_for(self, pattern, since=0):
        """The first match of `pattern` in a line after `since`. Fails if the process ends without it."""
        until = time.monotonic() + PATIENCE
        with self._news:
            while True:
                for line in self.lines[since:]:
                    if found := re.search(pattern, line):
                        return found
                if self._ended or not self._news.wait(until - time.monotonic()):
                    raise AssertionError(f"no {pattern!r} in:\n{self.log}")

    def memory(self):
        """Resident bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) * 1024

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.killed = True
        self.process.kill()
        self.wait()

    def wait(self):
        """The exit status."""
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status

    def stop(self):
        """By SIGTERM. It must end well, and no sanitizer may have complained."""
        try:
            if self.process.poll() is None:
                self.signal(signal.SIGTERM)
                self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.wait()
            self.process.stdout.close()
        assert not SANITIZER.search(self.log), self.log
        assert self.killed or self.process.returncode == 0, f"exit status {self.process.returncode}\n{self.log}"


def wait_until(condition, what="the condition", patience=PATIENCE):
    """For what nothing announces: looks again and again, returns the first true value."""
    until = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < until, f"{what} never came"
        time.sleep(0.01)
    return found
