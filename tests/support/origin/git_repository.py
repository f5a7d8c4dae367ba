"""A resource that serves bare repositories by git's own CGI program (gitprotocol-http), for fetch and for push."""
import os
import subprocess

from .site import body_of


def git_resource(folder):
    """Serves folder/NAME.git at /git/NAME.git; for Origin(resources={"git": ...})."""

    def serve(call, streams, argument):
        path, _, query = call.path.partition("?")
        fields = dict(call.fields)
        environment = {"PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(folder), "GIT_HTTP_EXPORT_ALL": "1", "REMOTE_USER": "test",
                       "REQUEST_METHOD": call.method, "PATH_INFO": path.removeprefix("/git"), "QUERY_STRING": query,
                       "CONTENT_TYPE": fields.get("content-type", ""), "HTTP_CONTENT_ENCODING": fields.get("content-encoding", ""),
                       "GIT_PROTOCOL": fields.get("git-protocol", "")}
        done = subprocess.run(["git", "http-backend"], input=body_of(call), env=environment, stdout=subprocess.PIPE, check=True)
        status, fields, body = parse(done.stdout)
        call.start(status, fields, len(body))
        call.end(body)

    return serve


def parse(output):
    """(status, fields, body) of a CGI program's answer, RFC 3875 section 6."""
    head, _, body = output.partition(b"\r\n\r\n")
    fields = []
    status = 200
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "status":
            status = int(value.split()[0])
        else:
            fields.append((name.lower(), value.strip()))
    return status, fields, body
