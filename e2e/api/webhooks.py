"""Lets the program send webhooks, and checks what arrives with the specification's own library.

  webhooks.py http://127.0.0.1:PORT      a new installation that may tell 127.0.0.1 without TLS
"""

import json
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

arrived = []
there = threading.Event()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        arrived.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(204)
        self.end_headers()
        there.set()

    def log_message(self, *_):
        pass


class Api:
    def __init__(self, base):
        self.base, self.cookie = base, None

    def __call__(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + "/api/v1" + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        request.add_header("Origin", self.base)
        if self.cookie:
            request.add_header("Cookie", self.cookie)
        with urllib.request.urlopen(request, timeout=30) as answer:
            if answer.headers["Set-Cookie"]:
                self.cookie = answer.headers["Set-Cookie"].split(";", 1)[0]
            return json.loads(answer.read() or b"null")


def next_message():
    if not there.wait(30):
        sys.exit("no webhook arrived within half a minute")
    there.clear()
    return arrived[-1]


def main():
    receiver = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    api = Api(sys.argv[1])
    api("POST", "/setup", {"name": "admin", "display_name": "贺明远", "password": "Qingshui-2026"})
    campaign = api("POST", "/campaigns", {"name": "创建文明城市", "place": "清水县", "kind": "文明城市", "year": 2026})
    hooks = f"/campaigns/{campaign['id']}/webhooks"
    url = f"http://127.0.0.1:{receiver.server_port}/hook"
    made = api("POST", hooks, {"name": "大屏", "url": url, "kinds": ["duty.added"]})
    hook = f"{hooks}/{made['webhook']['id']}"

    api("POST", hook + "/test")
    headers, body = next_message()
    assert Webhook(made["secret"]).verify(body, headers)["type"] == "webhook.test"
    try:
        Webhook(made["secret"]).verify(body + b" ", headers)
        sys.exit("a message that was changed on its way is believed")
    except WebhookVerificationError:
        pass

    fresh = api("POST", hook + "/secret")["secret"]
    api("POST", f"/campaigns/{campaign['id']}/duties", {"title": "清运垃圾", "text": "清运垃圾"})
    headers, body = next_message()
    for secret in (made["secret"], fresh):
        told = Webhook(secret).verify(body, headers)
        assert told["type"] == "duty.added" and told["data"]["campaign_id"] == campaign["id"], told
    print(f"{len(arrived)} webhooks arrived, and standardwebhooks believes them")


main()
