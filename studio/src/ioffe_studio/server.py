"""The server: the page, the API behind its guard, and how both are started."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import mimetypes
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from ioffe_studio import __version__
from ioffe_studio.api import Api, invalid, refusal, refused
from ioffe_studio.jobs import Jobs
from ioffe_studio.limits import RefusedError
from ioffe_studio.security import LOOPBACK, Guard, is_loopback
from ioffe_studio.workers import Pool

STATIC: Final = Path(__file__).parent / "static"
PORT: Final = 8765
TRIES: Final = 50
"""Ports that are tried, from the wanted one on."""
WORDS: Final = {404: "there is no such thing", 405: "this is not asked for in this way"}
MISSING: Final = (
    "The page has not been built: run `make studio` in a clone of the repository. The API answers."
)


def processors() -> int:
    """Processors that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def application(
    workers: int | None = None,
    *,
    hosts: frozenset[str] = LOOPBACK,
    token: str = "",
    static: Path = STATIC,
    engine: str = "numpy",
) -> FastAPI:
    """The application.

    Parameters
    ----------
    workers : int, optional
        Processes that answer at once; by default one for each processor. As many jobs run beside them.
    hosts, token
        As for `Guard`.
    static : Path
        Folder of the page.
    engine : {"auto", "numpy"}
        ``"auto"`` solves with compiled code, which is made in the background if it is not there.
    """
    count = workers or max(2, processors())  # a file is saved while something is computed
    pool = Pool(count, engine)
    jobs = Jobs(pool, count)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        pool.start()
        compiling = asyncio.get_running_loop().create_task(pool.warm_up())
        try:
            yield
        finally:
            compiling.cancel()
            jobs.close()
            await asyncio.get_running_loop().run_in_executor(None, pool.close)

    app = FastAPI(title="ioffe studio", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.pool, app.state.jobs = pool, jobs
    app.include_router(Api(pool, jobs).router)
    app.add_exception_handler(RefusedError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, _absent)
    _serve_page(app, static)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    app.add_middleware(Guard, hosts=hosts, token=token)
    return app


async def _absent(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, HTTPException)
    return refusal(error.status_code, WORDS.get(error.status_code, str(error.detail)))


def _serve_page(app: FastAPI, static: Path) -> None:
    """The built page: its files are listed once, so that no other file can be asked for."""
    files = {path.relative_to(static).as_posix(): path for path in static.rglob("*") if path.is_file()}

    @app.get("/{name:path}", include_in_schema=False)
    async def page(name: str) -> Response:
        if name.startswith("api/"):
            return refusal(404, "there is no such thing")
        path = files.get(name or "index.html")
        if path is None and "." not in name.rpartition("/")[2]:
            path = files.get("index.html")
        if path is None:
            missing = "index.html" not in files and not name
            return (
                Response(MISSING, 503, media_type="text/plain") if missing else refusal(404, "no such file")
            )
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        cached = "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"
        return Response(path.read_bytes(), media_type=kind, headers={"cache-control": cached})


def free_socket(host: str, port: int) -> socket.socket:
    """A socket at a port, or at the next one that is free.

    Raises
    ------
    OSError
        If none of the next ports is free, or the host is none of this computer.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for wanted in range(port, min(port + TRIES, 65536)):
        # asyncio sends at once only on sockets that say their protocol; others hold the body back for 40 ms
        found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if os.name == "posix":
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, wanted))
        except OSError as error:
            found.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            continue
        return found
    raise OSError(errno.EADDRINUSE, f"no port from {port} to {port + TRIES - 1} is free")


def reached_as(host: str) -> str:
    """The address under which other computers reach this one, where it listens at all that it has.

    >>> reached_as("192.0.2.7")
    '192.0.2.7'
    """
    if host not in ("0.0.0.0", "::"):
        return host
    family, elsewhere = (socket.AF_INET6, "2001:db8::1") if ":" in host else (socket.AF_INET, "192.0.2.1")
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asking:
        asking.connect((elsewhere, 9))  # sends nothing: the way out is chosen
        return str(asking.getsockname()[0])
    return socket.gethostname()


def run(
    host: str = "127.0.0.1",
    port: int = PORT,
    workers: int | None = None,
    *,
    token: str = "",
    engine: str = "auto",
    ready: Callable[[str], Any] = print,
) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    host : str
        Address to listen at; one that other computers reach has a token, which is made if none is given.
    port : int
        The next free one is taken.
    workers : int, optional
        Processes that answer.
    token : str
        What every request must state.
    engine : {"auto", "numpy"}
        As for `application`.
    ready : callable
        Takes the address once the server answers.
    """
    import uvicorn

    local = is_loopback(host)
    token = token or ("" if local else secrets.token_urlsafe(24))
    listening = free_socket(host, port)
    port = listening.getsockname()[1]
    known = reached_as(host)
    shown = f"[{known}]" if ":" in known else known
    address = f"http://{shown}:{port}/" + (f"#token={token}" if token else "")
    app = application(workers, hosts=LOOPBACK | {host} if local else frozenset(), token=token, engine=engine)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    )

    async def serve() -> None:
        task = asyncio.get_running_loop().create_task(server.serve(sockets=[listening]))
        while not server.started and not task.done():
            await asyncio.sleep(0.01)
        if server.started:
            ready(address)
        await task

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())
