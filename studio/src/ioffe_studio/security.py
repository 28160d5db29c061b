"""Who may ask the studio, and what its answers allow a browser to do.

A page from elsewhere that a browser also shows must not reach the studio: the names in Host and Origin are
checked, which also stops names that an attacker binds to the loopback address.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from ioffe_studio.limits import BODY

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS: Final = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
OF_TRUSTED: Final = "cross-origin-opener-policy"
"""What browsers take from this computer alone, and complain of elsewhere as long as nothing is encrypted."""
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(host: str) -> bool:
    """Whether only programs of this computer reach an address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(text: str) -> str:
    """The name in a Host header or an Origin, without its port.

    >>> host_of("localhost:8000"), host_of("http://[::1]:8000"), host_of("null")
    ('localhost', '::1', 'null')
    """
    try:
        return urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""


class Guard:
    """Refuses requests before the application sees them, and puts the headers on every answer.

    Asked with ``Refusals: in-header``, a refusal has status 200, and its own in the header ``Refusal``:
    a browser writes other statuses to its console.

    Parameters
    ----------
    app : callable
        The application of ASGI.
    hosts : frozenset of str
        Names under which the studio is reached; empty for any, if a token is asked for.
    token : str
        What every request for data must state; empty for none.
    """

    def __init__(self, app: Application, hosts: frozenset[str] = LOOPBACK, token: str = "") -> None:
        self.app, self.hosts, self.token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it in words."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        in_header = headers.get("refusals") == "in-header"
        own = is_loopback(host_of(headers.get("host", "")))

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                if in_header and message["status"] >= 400:
                    told = (b"refusal", str(message["status"]).encode())
                    message = {**message, "status": 200, "headers": [*message.get("headers", ()), told]}
                wanted = {k: v for k, v in HEADERS.items() if own or k != OF_TRUSTED}
                known = {name.lower() for name, _ in message.get("headers", ())}
                more = [(k.encode(), v.encode()) for k, v in wanted.items() if k.encode() not in known]
                message = {**message, "headers": [*message.get("headers", ()), *more]}
            await send(message)

        reason = self._reason(scope, headers)
        if reason is not None:
            await _refuse(guarded, *reason)
            return
        await self._limited(scope, receive, guarded, headers)

    def _reason(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        host = host_of(headers.get("host", ""))
        if self.hosts and host not in self.hosts:
            return 403, f"the studio is not reached as {host[:80]!r}"
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            return 403, "requests from pages of other origins are refused"
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403, "requests from pages of other origins are refused"
        if self.token and scope["path"].startswith("/api") and not self._is_known(scope, headers):
            return 403, "the token is expected that stands in the address the studio has printed"
        if int(headers["content-length"]) > BODY if headers.get("content-length", "").isdigit() else False:
            return 413, f"a request of at most {BODY // 1_000_000} MB is read"
        return None

    def _is_known(self, scope: Scope, headers: dict[str, str]) -> bool:
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        given = headers.get("authorization", "").removeprefix("Bearer ") or query.get("token", [""])[0]
        return hmac.compare_digest(given.encode(), self.token.encode())

    async def _limited(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]) -> None:
        """Pass on, but stop reading a body that becomes too large."""
        total, refused, started = 0, False, False

        async def counted() -> Message:
            nonlocal total, refused
            message = await receive()
            total += len(message.get("body", b""))
            if total > BODY:
                refused = True
                return {"type": "http.disconnect"}
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            if not refused:  # what is said about a body that was cut off means nothing
                started = True
                await send(message)

        del headers
        try:
            await self.app(scope, counted, watched)
        except Exception:
            if not refused:
                raise
        if refused and not started:
            await _refuse(send, 413, f"a request of at most {BODY // 1_000_000} MB is read")


async def _refuse(send: Send, code: int, text: str) -> None:
    body = json.dumps({"faults": [], "text": text}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": code, "headers": headers})
    await send({"type": "http.response.body", "body": body})
