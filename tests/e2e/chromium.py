"""Debian's Chromium with a home of its own, and one that is led by the DevTools protocol."""
import contextlib
import json
import os
import signal
import subprocess

from node_clients import plain_environment

PATIENCE = 60
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions", "--mute-audio"]


FETCH = """
for (const [url, seconds] of Object.entries(%s)) {
    const signal = seconds && AbortSignal.timeout(1000 * seconds);
    fetch(url, {cache: "no-store", signal}).then((answer) => answer.text()).catch(() => {});
}
"""


def make_home(folder, authority):
    """A user whose NSS database has one authority that may speak for servers."""
    database = folder / ".pki/nssdb"
    database.mkdir(parents=True)
    for words in (["-N", "--empty-password"], ["-A", "-n", "test", "-t", "C,,", "-i", authority]):
        subprocess.run(["certutil", "-d", f"sql:{database}", *words], check=True, timeout=PATIENCE)


def start(home, proxy, authority, *words, prefix=(), **options):
    """The process, in a group of its own."""
    make_home(home, authority)
    command = [*prefix, "chromium", *FLAGS, f"--user-data-dir={home}/profile", f"--proxy-server={proxy}", *words]
    environment = plain_environment() | {"HOME": str(home), "XDG_CONFIG_HOME": f"{home}/config", "XDG_CACHE_HOME": f"{home}/cache"}
    environment.pop("XDG_DATA_HOME", None)
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
                            start_new_session=True, **options)


def stop(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class LedChromium:
    """A browser with one empty page, which speaks the DevTools protocol over a pair of pipes."""

    def __init__(self, home, proxy, authority):
        its_end, ours = os.pipe(), os.pipe()
        # It reads from 3 and writes to 4. (The numbers of ours may have two digits, which dash does not understand.)
        shell = ["bash", "-c", f'exec "$@" 3<&{its_end[0]} 4>&{ours[1]}', "chromium"]
        self.process = start(home, proxy, authority, "--remote-debugging-pipe", "--disable-web-security", prefix=shell,
                             stdout=subprocess.DEVNULL, pass_fds=(its_end[0], ours[1]))
        os.close(its_end[0])
        os.close(ours[1])
        self._to, self._from = open(its_end[1], "wb", buffering=0), open(ours[0], "rb")
        self._said, self._session, self._number = b"", {}, 0
        page = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self.ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]}

    def _tell(self, method, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters} | self._session
        self._to.write(json.dumps(message).encode() + b"\0")
        return self._number

    def _messages(self):
        """Whatever it says, until it ends."""
        while piece := self._from.read1(65536):
            *whole, self._said = (self._said + piece).split(b"\0")
            yield from map(json.loads, whole)

    def ask(self, method, **parameters):
        """Its answer; what it tells in between is lost."""
        number = self._tell(method, **parameters)
        return next(message for message in self._messages() if message.get("id") == number)["result"]

    def fetch(self, urls):
        """Fetches all at once: `urls` are url -> after how many seconds the page gives up, or None, where it leaves that to the
        browser. url -> the status of the answer, or the error that a user is shown.
        """
        self.ask("Network.enable")
        self._tell("Runtime.evaluate", expression=FETCH % json.dumps(urls))
        of_request, statuses, outcome = {}, {}, {}
        for message in self._messages():
            facts = message.get("params", {})
            match message.get("method"):
                case "Network.requestWillBeSent":
                    of_request[facts["requestId"]] = facts["request"]["url"]
                case "Network.responseReceived":
                    statuses[facts["requestId"]] = facts["response"]["status"]
                case "Network.loadingFinished":
                    outcome[of_request[facts["requestId"]]] = statuses[facts["requestId"]]
                case "Network.loadingFailed":
                    outcome[of_request[facts["requestId"]]] = facts["errorText"]
            if len(outcome) == len(urls):
                return outcome
        raise AssertionError(f"Chromium ended, and said only {outcome}")

    def stop(self):
        stop(self.process)

    def close(self):
        self.stop()
        self._to.close()
        self._from.close()
