"""The API: what may be asked for, and which task answers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from ioffe_studio.jobs import Jobs
from ioffe_studio.limits import RefusedError, read_json
from ioffe_studio.messages import (
    Asked,
    DescribeAsked,
    DeviceAsked,
    JobAsked,
    MaterialsAsked,
    MaximaAsked,
    Refused,
    ReportAsked,
    TableAsked,
    TomlAsked,
    ToolAsked,
)
from ioffe_studio.workers import EndedError, Pool

REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": Refused, "description": "No request that can be read."},
    403: {"model": Refused, "description": "From elsewhere, or without the token."},
    404: {"model": Refused, "description": "There is no such thing."},
    413: {"model": Refused, "description": "Larger than the limits."},
    422: {"model": Refused, "description": "Faults of the input, by path."},
    503: {"model": Refused, "description": "The process that computed it was ended."},
}
ANSWER: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"application/json": {}}}}


class _Reading(Request):
    """A request whose JSON is read within the limits."""

    async def json(self) -> Any:
        """The body as an object; a refusal has the form that FastAPI lets pass."""
        body = await self.body()
        try:
            return read_json(body)
        except RefusedError as error:
            raise HTTPException(error.code, str(error)) from None


class _Route(APIRoute):
    """A route whose requests are read within the limits."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handler = super().get_route_handler()

        async def limited(request: Request) -> Response:
            return await handler(_Reading(request.scope, request.receive))

        return limited


class Api:
    """The routes of a server, with the processes and the jobs behind them."""

    def __init__(self, pool: Pool, jobs: Jobs) -> None:
        self.pool, self.jobs = pool, jobs
        self.router = APIRouter(prefix="/api", route_class=_Route, responses=REFUSALS)
        self._ask()
        self._solve()
        self._long()

    async def answer(self, task: str, request: dict[str, Any]) -> Response:
        """What a task says to a request."""
        try:
            found = await self.pool.call(task, request)
        except EndedError as error:
            return refusal(503, str(error), request.get("number", 0))
        return Response(found.body, found.code, found.headers or None, "application/json")

    def _get(self, path: str, task: str, summary: str) -> None:
        async def asked() -> Response:
            return await self.answer(task, {})

        self.router.add_api_route(path, asked, methods=["GET"], summary=summary, responses=ANSWER, name=task)

    def _post(self, path: str, task: str, model: type[BaseModel], summary: str) -> None:
        async def asked(body: Any) -> Response:
            return await self.answer(task, body.model_dump())

        asked.__annotations__["body"] = model
        options = {"summary": summary, "responses": ANSWER, "name": task}
        self.router.add_api_route(path, asked, methods=["POST"], **options)

    def _ask(self) -> None:
        self._get("/info", "info", "Engine, limits, pages, examples, quantities")
        self._get("/schema", "schema", "JSON Schemas of device, study, card and result")
        self._post("/materials", "materials", MaterialsAsked, "Materials of the library that fit")

        @self.router.get("/examples/{name}", summary="An example", responses=ANSWER)
        async def example(name: str) -> Response:
            return await self.answer("example", {"id": name})

    def _solve(self) -> None:
        self._post("/describe", "describe", DescribeAsked, "Form, drawing and faults of a document")
        self._post("/curves", "curves", DeviceAsked, "Curves, status and drawing")
        self._post("/maxima", "maxima", MaximaAsked, "Maxima and profiles")
        self._post("/sensitivity", "sensitivity", DeviceAsked, "What matters most")
        self._post("/solve", "solve", DeviceAsked, "The result in SI, as `ioffe run --json`")
        self._post("/check", "check", DeviceAsked, "Doubts, without a solve")
        self._post("/toml", "toml", TomlAsked, "A document as TOML, and back")
        self._post("/table", "table", TableAsked, "Measured points of a table")
        self._post("/report", "report", ReportAsked, "A file to take home")

    def _long(self) -> None:
        @self.router.post("/tools/{name}", summary="Let a tool answer at once", responses=ANSWER)
        async def tool(name: str, body: ToolAsked) -> Response:
            return await self.answer("tool", {**body.model_dump(), "tool": name})

        @self.router.post(
            "/tools/{name}/describe", summary="The form of a tool for a device", responses=ANSWER
        )
        async def described(name: str, body: ToolAsked) -> Response:
            return await self.answer("tool_fields", {**body.model_dump(), "tool": name})

        @self.router.post("/analyse", summary="Analyse samples: the tool materials.analyse", responses=ANSWER)
        async def analyse(body: ToolAsked) -> Response:
            return await self.answer("tool", {**body.model_dump(), "tool": "materials.analyse"})

        @self.router.post("/jobs", summary="Begin a job", responses=ANSWER)
        async def begin(body: JobAsked) -> Response:
            request = body.model_dump()
            job = self.jobs.start(request.pop("tool"), request)
            return JSONResponse({"number": body.number, "id": job.id})

        @self.router.get("/jobs", summary="All jobs", responses=ANSWER)
        async def listed() -> Response:
            return JSONResponse({"jobs": [job.described() for job in self.jobs.all()]})

        @self.router.get("/jobs/{name}", summary="A job", responses=ANSWER)
        async def one(name: str) -> Response:
            return JSONResponse(self.jobs.find(name).described())

        @self.router.get("/jobs/{name}/events", summary="What happens to a job", responses=_EVENTS)
        async def events(name: str) -> Response:
            stream = self.jobs.events(self.jobs.find(name))
            return StreamingResponse(stream, headers={"cache-control": "no-store"}, media_type=_STREAM)

        @self.router.delete("/jobs/{name}", summary="Cancel a job", status_code=204)
        async def cancel(name: str) -> Response:
            self.jobs.cancel(name)
            return Response(status_code=204)


_STREAM: Final = "text/event-stream"
_EVENTS: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {_STREAM: {}}}}


def refusal(code: int, text: str, number: int = 0, faults: list[dict[str, Any]] | None = None) -> Response:
    """A refusal in words."""
    return JSONResponse({"number": number, "faults": faults or [], "text": text}, code)


async def refused(request: Request, error: Exception) -> Response:
    """The answer to a request that the limits refuse."""
    del request
    assert isinstance(error, RefusedError)
    return refusal(error.code, str(error))


async def invalid(request: Request, error: Exception) -> Response:
    """The answer to a request that its model refuses: its faults by path."""
    del request
    faults = []
    for one in getattr(error, "errors", list)():
        place = ".".join(str(step) for step in one["loc"] if step not in ("body", "path", "query"))
        words = f"{place}: {one['msg']}" if place else str(one["msg"])
        faults.append(
            {"path": "", "value": None, "expected": one["msg"], "advice": "", "message": words, "file": ""}
        )
    return refusal(422, "\n".join(fault["message"] for fault in faults), 0, faults)


__all__ = ["Api", "Asked", "invalid", "refused"]
