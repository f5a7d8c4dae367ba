"""When the origin misbehaves, and how: the words of --when, --at and --do."""
import dataclasses

STAGES = {
    "client_hello": "instead of a ServerHello",
    "server_hello": "after the record with the ServerHello",
    "flight": "after the server's first flight",
    "finished": "after the handshake",
    "preface": "after the client's HTTP/2 preface, before our SETTINGS",
    "request": "after the head of a request",
}

# action -> the parameters that may follow, and the stages that it can be done at ("": all of them)
ACTIONS = {
    "alert": ("NUMBER[:warning]", "client_hello server_hello flight"),
    "reset": ("", ""),
    "close": ("", ""),
    "silence": ("", ""),
    "garbage": ("", ""),
    "plain-http": ("", "client_hello"),
    "goaway": ("CODE", "preface request"),
    "rst-stream": ("CODE", "request"),
}

CONDITIONS = {
    "always": lambda hello, nth, value: True,
    "alpn": lambda hello, nth, value: value in hello.alpn,
    "no-alpn": lambda hello, nth, value: not hello.alpn,
    "no-sni": lambda hello, nth, value: hello.server_name is None,
    "sni": lambda hello, nth, value: hello.server_name is not None and value in ("", hello.server_name),
    "max-version": lambda hello, nth, value: hello.max_version == value,
    "hello-over": lambda hello, nth, value: hello.bytes > int(value),
    "records-over": lambda hello, nth, value: hello.records > int(value),
    "one-record": lambda hello, nth, value: hello.records == 1,
    "suite": lambda hello, nth, value: int(value, 0) in hello.suites,
    "extension": lambda hello, nth, value: int(value) in hello.extensions,
    "no-extension": lambda hello, nth, value: int(value) not in hello.extensions,
    "alpn-first": lambda hello, nth, value: hello.alpn[:1] == [value],
    "ja3": lambda hello, nth, value: hello.ja3 == value,
    "ja3-not": lambda hello, nth, value: hello.ja3 != value,
    "scsv": lambda hello, nth, value: hello.scsv,
    "session": lambda hello, nth, value: hello.offers_session,
    "nth": lambda hello, nth, value: nth == int(value),
    "first": lambda hello, nth, value: nth <= int(value),
}

# RFC 9113 section 7
ERROR_CODES = {name: number for number, name in enumerate(
    ("NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR REFUSED_STREAM "
     "CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY HTTP_1_1_REQUIRED").split())}


@dataclasses.dataclass
class Rule:
    conditions: list  # of (name, value)
    action: str
    parameters: list
    stage: str

    def matches(self, hello, nth):
        return all(CONDITIONS[name](hello, nth, value) for name, value in self.conditions)

    def __str__(self):
        return ":".join([self.action, *self.parameters])


def rule(do, when="always", at=None):
    """rule("alert:40", when="alpn=h2,first=3", at="client_hello"); all conditions must hold. Raises ValueError."""
    conditions = []
    for word in when.split(","):
        name, _, value = word.partition("=")
        if name not in CONDITIONS:
            raise ValueError(f"{name!r} is no condition; known: {', '.join(CONDITIONS)}")
        conditions.append((name, value))
    action, *parameters = do.split(":")
    if action not in ACTIONS:
        raise ValueError(f"{action!r} is no action; known: {', '.join(ACTIONS)}")
    stages = ACTIONS[action][1].split() or list(STAGES)
    at = at or stages[0]
    if at not in stages:
        raise ValueError(f"{action} can be done at {', '.join(stages)}")
    return Rule(conditions, action, parameters, at)
