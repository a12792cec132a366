#!/usr/bin/env python3
"""A client of cased with Python's standard library only: submits a case and follows it to its end.

Usage: CASED_SOCKET=/run/cased/cased.sock follow.py MATTER TITLE
Everything that it knows of the protocol stands in protocol/PROTOCOL.md.
"""
import json
import os
import socket
import sys
import time
import uuid


class Refused(Exception):
    """The server said no; `kind` is the contract, the message is for people."""

    def __init__(self, error):
        super().__init__(error["message"])
        self.kind = error["data"]["kind"]
        self.retryable = error["data"]["retryable"]
        self.hint = error["data"]["hint"]


class Cased:
    """One connection: a request a line, a reply a line, and notifications between them."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.lines = self.socket.makefile("rwb")
        self.last_id = 0
        self.notifications = []

    def call(self, method, **params):
        self.last_id += 1
        request = {"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}
        self.lines.write(json.dumps(request).encode() + b"\n")
        self.lines.flush()
        while True:
            message = self._read()
            if "method" in message:
                self.notifications.append(message["params"])
            elif "error" in message:
                # With the id null it is about the line, or about the connection: there are too many, say.
                raise Refused(message["error"])
            else:
                return message["result"]

    def next_notification(self):
        if self.notifications:
            return self.notifications.pop(0)
        message = self._read()
        if "error" in message:
            raise Refused(message["error"])
        return message["params"]

    def _read(self):
        line = self.lines.readline()
        if not line:
            raise ConnectionError("the server closed the connection")
        return json.loads(line)


def patiently(path, method, **params):
    """A command under a key: however often it is sent, it is done once."""
    params["idempotency_key"] = str(uuid.uuid4())
    for attempt in range(30):
        try:
            return Cased(path).call(method, **params)
        except Refused as refused:
            if not refused.retryable:
                raise
        except OSError:
            pass
        time.sleep(0.5)
    raise SystemExit("the server does not answer")


def main():
    path = os.environ.get("CASED_SOCKET", "/run/cased/cased.sock")
    matter, title = sys.argv[1:3]
    file = patiently(path, "case.submit", matter=matter, title=title,
                     applicant={"id": "91X", "name": "Harbin Logistics"}, materials=["application-form"], channel="online")
    print(file["case"], file["state"], "receipt", file["receipt"], flush=True)
    cursor = None
    while True:
        try:
            client = Cased(path)
            watch = client.call("case.watch", **{"filter": {"case": file["case"]}, "from": cursor or "start"})
            cursor = cursor or watch["cursor"]
            while True:
                told = client.next_notification()
                cursor = told.get("cursor", cursor)
                if told["type"] == "closed":
                    break
                if told["type"] != "event":
                    continue
                print(told["event"]["at"], told["event"]["event"], "by", told["event"]["by"], flush=True)
                if client.call("case.get", case=file["case"])["light"] == "none":
                    return
        except OSError:
            time.sleep(0.5)  # The server restarts; the cursor goes on where it ended.


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(f"{refused} ({refused.kind})" + (f"; {refused.hint}" if refused.hint else ""))
