"""The table of docs/words.md: for each fault, what each client says to it.

A row is a section: its heading, a fence with what stands below [[rule.fault]], and a table whose rows name clients and
what they say. Each `span` of a cell is one way to say it, and `...` in it stands for whatever varies. A cell may begin with a
plain word of OUTCOMES, which then is a way too.
"""
import dataclasses
import pathlib
import re

FILE = pathlib.Path(__file__).resolve().parents[2] / "docs/words.md"
WORKS = "works"  # the fault is none for this client: it gets its answer
WAITS = "waits"  # until the app gives up, for which it has no words of its own
OUTCOMES = (WORKS, WAITS)

CHAPTER = re.compile(r"^## (?P<heading>[^\n]+)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^### (?P<heading>[^\n]+)\n(?P<body>.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
# Chapters.
AFTER_THE_HANDSHAKE = "After the handshake"
WITHIN_HTTP = "Within HTTP"
FENCE = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CELLS = re.compile(r"^\| (?P<clients>[^|`]+) \| (?P<words>.+) \|$", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Row:
    """`fault`: TOML; `words`: client -> the ways in which it may say it."""
    chapter: str
    heading: str
    fault: str
    words: dict

    @property
    def name(self):
        return re.sub("[^a-z0-9]+", "-", self.heading.lower()).strip("-")

    @property
    def host(self):
        return f"{self.name}.words.test"

    @property
    def endless(self):
        """Only a time limit of the client ends it."""
        return any(key in self.fault for key in ("silence", "stall"))

    @property
    def after_the_handshake(self):
        return self.chapter in (AFTER_THE_HANDSHAKE, WITHIN_HTTP)

    def accepts(self, client, said):
        return any(said == way if way in OUTCOMES else _pattern(way).search(said) for way in self.words[client])


def _pattern(words):
    pieces = map(re.escape, words.split("..."))
    # OpenSSL 3.2 found that alerts are no matter of SSL 3.
    return re.compile(".*".join(pieces).replace(r"sslv3\ alert", r"(sslv3|ssl/tls)\ alert"), re.DOTALL)


def _row(chapter, section):
    [fault] = FENCE.findall(section["body"])
    words = {}
    for cells in CELLS.finditer(section["body"]):
        if cells["clients"] == "client":
            continue
        for client in cells["clients"].split(", "):
            assert client not in words, f"{section['heading']}: {client} stands twice"
            outcome = [one for one in OUTCOMES if cells["words"].startswith(one)]
            words[client] = outcome + re.findall(r"`([^`]+)`", cells["words"])
            assert words[client], f"{section['heading']}: {client} says nothing"
    return Row(chapter["heading"], section["heading"], fault, words)


def rows(text):
    """Of a text such as docs/words.md."""
    return [_row(chapter, section) for chapter in CHAPTER.finditer(text) for section in SECTION.finditer(chapter["body"])]
