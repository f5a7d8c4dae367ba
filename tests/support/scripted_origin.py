#!/usr/bin/python3
"""A TLS origin on 127.0.0.1 that misbehaves as told, and otherwise serves a small site over h2 and http/1.1.

    scripted_origin.py --port 9443 --when alpn=h2 --do alert:40
    scripted_origin.py --port 9443 --when max-version=1.3 --do reset --when first=2 --at finished --do close

Each --do ends a rule that --when (all of its conditions, separated by commas) and --at began; the first rule that matches a
ClientHello decides. Each connection and each request is a JSON object on stdout.
"""
import argparse
import json
import pathlib
import signal
import sys
import tempfile
import threading

from origin import certificates, rules, server


class AddRule(argparse.Action):
    def __call__(self, parser, namespace, value, option=None):
        try:
            namespace.rules = [*(namespace.rules or []), rules.rule(value, namespace.when, namespace.at)]
        except ValueError as error:
            parser.error(str(error))
        namespace.when, namespace.at = "always", None


def table(title, rows):
    return title + "\n" + "".join(f"  {name:14}{text}\n" for name, text in rows)


def arguments():
    notes = "\n".join((
        table("conditions:", [(", ".join(rules.CONDITIONS), "")]),
        table("actions:", [(name, " ".join(filter(None, (what, where and f"(at {where})")))) for name, (what, where)
                           in rules.ACTIONS.items()]),
        table("stages:", rules.STAGES.items())))
    parser = argparse.ArgumentParser(description=__doc__, epilog=notes, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="default: any that is free")
    parser.add_argument("--when", default="always", metavar="CONDITION[=VALUE],...", help="which connections")
    parser.add_argument("--at", choices=rules.STAGES, help="when in the conversation")
    parser.add_argument("--do", action=AddRule, dest="rules", metavar="ACTION[:PARAMETER]", help="what happens to them")
    parser.add_argument("--alpn", default="h2,http/1.1", help="what is accepted; empty: no ALPN (default: %(default)s)")
    parser.add_argument("--name", action="append", help="a name in the certificate (default: localhost, 127.0.0.1)")
    parser.add_argument("--cert", type=pathlib.Path, help="a certificate of one's own, PEM")
    parser.add_argument("--key", type=pathlib.Path, help="its key, PEM")
    parser.add_argument("--write-ca", type=pathlib.Path, metavar="FILE", help="write the authority of a made certificate there")
    return parser.parse_args()


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        if options.cert:
            identity = certificates.Identity(options.cert, options.key or options.cert)
        else:
            authority = certificates.Authority(folder)
            identity = authority.issue(*(options.name or ["localhost", "127.0.0.1"]))
            if options.write_ca:
                options.write_ca.write_bytes(authority.file.read_bytes())
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())

        def log(line):
            print(json.dumps(line), flush=True)

        origin = server.Origin(identity, options.rules or (), options.port, list(filter(None, options.alpn.split(","))), log=log)
        log({"listening": f"https://127.0.0.1:{origin.port}"})
        stop.wait()
        origin.stop()
    return 0


sys.exit(main())
