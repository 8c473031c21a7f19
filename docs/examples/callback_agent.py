"""An agent for OCG's async mode: it accepts each message at once and calls back later.

Python 3 and its standard library. PORT is where it listens (0 takes a free port), CALLBACK_SECRET
is the gateway's "callbackSecret", if it has one.
"""
import base64
import hashlib
import hmac
import json
import os
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ.get("CALLBACK_SECRET", "").encode()


def think(text):
    """The agent's actual work, which may take hours."""
    return f"You said: {text}"


def is_from_gateway(headers, body):
    """Whether the gateway has signed this message just now, as Standard Webhooks has it."""
    sent = headers.get("webhook-timestamp", "")
    if not sent.isdigit() or abs(time.time() - int(sent)) > 300:
        return False
    signed = f"{headers.get('webhook-id')}.{sent}.".encode() + body
    digest = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    signatures = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(f"v1,{digest}", one) for one in signatures)


def call_back(url, reply):
    body = json.dumps({"reply": reply}).encode()
    headers = {"Content-Type": "application/json"}
    if SECRET:
        digest = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        headers["X-OCG-Signature"] = f"sha256={digest}"
    urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30).close()


class Agent(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        url = self.headers.get("X-OCG-Callback")
        if not url:
            self.answer(400, {"error": "missing X-OCG-Callback"})
            return
        if SECRET and not is_from_gateway(self.headers, body):
            self.answer(401, {"error": "not signed by the gateway"})
            return
        self.answer(202, {"status": "accepted"})
        text = json.loads(body)["messages"][-1]["content"]
        threading.Thread(target=lambda: call_back(url, think(text))).start()

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Agent)
print(f"listening on {server.server_address[1]}", flush=True)
server.serve_forever()
