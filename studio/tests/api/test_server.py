"""The server: who may ask, what is refused in words, and processes that are ended."""

from __future__ import annotations

import asyncio
import base64
import gzip
import io
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

import pytest
from fastapi.testclient import TestClient

from ioffe_studio import limits, private
from ioffe_studio.server import application, free_socket, reached_as
from ioffe_studio.workers import Worker


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_an_answer_carries_the_number_of_its_document(client, leg):
    answer = client.post("/api/curves", json={"number": 41, "document": leg})
    assert answer.status_code == 200
    assert answer.json()["number"] == 41


def test_every_answer_has_the_headers_of_security(client):
    for path in ("/", "/assets/page.js", "/api/info", "/api/nothing", "/nothing.txt"):
        found = client.get(path).headers
        assert found["content-security-policy"].startswith("default-src 'self'")
        assert found["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "localhost.evil.example:8765"},
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:1"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_requests_from_elsewhere_are_refused(client, headers):
    answer = client.get("/api/info", headers=headers)
    assert answer.status_code == 403
    assert answer.json()["text"]


def test_own_pages_are_answered(client):
    assert client.get("/api/info", headers={"origin": "http://localhost:8765"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/assets/../../api.py",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/assets/%2fetc",
    ],
)
def test_no_file_of_the_computer_is_served(client, path):
    answer = client.get(path)
    assert answer.status_code in (403, 404) or answer.text.startswith("<!doctype html>")
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "no valid JSON"),
        (b"[]", "object"),
        (b'{"number": NaN, "document": {}}', "NaN"),
        (b'{"document": {"a": 1e999}}', "1e999"),
        (b'{"document": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "64 levels"),
        (b'{"document": [' + b"[]," * 500_000 + b"1]}", "1000000 values"),
        (b'{"document": "' + b'\\"' * 1_000_000, "no valid JSON"),
        (b"\xff\xfe", "no valid JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(client, body, said):
    answer = client.post("/api/curves", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert said in answer.json()["text"]


def test_a_body_beyond_the_limit_is_refused(client):
    large = b'{"text": "' + b"a" * limits.BODY + b'"}'
    answer = client.post("/api/toml", content=large, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert "100 MB" in answer.json()["text"]

    def pieces():
        for _ in range(limits.BODY // 1_000_000 + 2):
            yield b"a" * 1_000_000

    answer = client.post("/api/toml", content=pieces(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_a_family_of_too_many_points_is_refused(client, leg):
    leg["operate"] |= {key: list(range(300, 1300)) for key in ("T_hot", "T_cold", "current")}
    answer = client.post("/api/curves", json={"document": leg})
    assert answer.status_code == 422
    assert "20000 operating points" in answer.json()["text"]


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "..", "a/b.csv", "a\\b.csv", "C:a.csv", "", "~a"])
def test_names_with_folders_are_refused(client, leg, name):
    answer = client.post("/api/curves", json={"document": leg, "files": {name: in_base64(b"1")}})
    assert answer.status_code == 422
    assert "without folders" in answer.json()["text"]


def test_bombs_are_refused(client, leg):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    bombs = {
        "a.xlsx": buffer.getvalue(),
        "b.csv.gz": gzip.compress(b"0" * 30_000_000),
        "c.zip": b"PK\x03\x04bad",
    }
    for name, content in bombs.items():
        answer = client.post("/api/curves", json={"document": leg, "files": {name: in_base64(content)}})
        assert answer.status_code in (413, 422)
        assert name in answer.json()["text"]


def test_a_file_that_is_no_base64_is_refused(client, leg):
    answer = client.post("/api/curves", json={"document": leg, "files": {"a.csv": "%%%"}})
    assert answer.status_code == 422
    assert "base64" in answer.json()["text"]


def test_another_host_needs_the_token(tmp_path):
    app = application(1, hosts=frozenset(), token="secret", static=tmp_path)
    with TestClient(app, base_url="http://192.0.2.1:8765") as other:
        assert other.get("/api/info").status_code == 403
        assert other.get("/api/info", headers={"authorization": "Bearer wrong"}).status_code == 403
        assert other.get("/api/info", headers={"authorization": "Bearer secret"}).status_code == 200
        assert other.get("/api/jobs?token=secret").status_code == 200
        assert "cross-origin-opener-policy" not in other.get("/").headers  # not of use without encryption
    assert reached_as("0.0.0.0") != "0.0.0.0"


def test_a_taken_port_gives_the_next_free_one():
    with free_socket("127.0.0.1", 18765) as first:
        first.listen()
        with free_socket("127.0.0.1", first.getsockname()[1]) as second:
            assert second.getsockname()[1] > first.getsockname()[1]
            assert isinstance(second, socket.socket)


def test_answers_are_sent_at_once():
    """Nagle's algorithm and delayed acknowledgement together hold the body of an answer for 40 ms."""

    async def accepted() -> int:
        taken = asyncio.get_running_loop().create_future()
        listening = free_socket("127.0.0.1", 18765)
        server = await asyncio.start_server(lambda _, writer: taken.set_result(writer), sock=listening)
        async with server:
            _, mine = await asyncio.open_connection(*listening.getsockname())
            theirs = await taken
            found = theirs.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            mine.close()
            theirs.close()
            return found

    assert asyncio.run(accepted())


def test_a_killed_process_is_told_as_such(client, module):
    """The request says so, and the next one is answered by another process."""
    pool = client.app.state.pool
    module["operate"]["T_hot"] = [f"{300 + k / 10} K" for k in range(300)]
    found = []
    body = {"number": 3, "document": module}
    asking = threading.Thread(target=lambda: found.append(client.post("/api/solve", json=body)))
    before = set(pool.pids())
    asking.start()
    time.sleep(0.5)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    asking.join()
    assert found[0].status_code == 503, found[0].text
    assert found[0].json()["number"] == 3
    assert "ended from outside (by signal 9)" in found[0].json()["text"]
    for _ in range(3):  # the process that had nothing to do was ended too
        assert client.get("/api/info").status_code == 200


def test_no_private_folder_outlives_its_process(tmp_path, monkeypatch):
    """Of a process that was ended the server removes it, of an ended server the next one."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    stale, own = (tmp_path / f"ioffe-studio-{pid}-a1" for pid in (ended.pid, os.getpid()))
    worker = Worker()
    killed = tmp_path / f"ioffe-studio-{worker.pid}-b2"
    for folder in (stale, own, killed):
        folder.mkdir()
        (folder / "upload.csv").write_text("T,S", encoding="utf-8")
    worker.kill()
    assert (killed.exists(), stale.exists()) == (False, True)
    private.sweep()
    assert (stale.exists(), own.exists()) == (False, True)
    with private.made() as folder:
        assert folder.startswith(str(tmp_path / f"ioffe-studio-{os.getpid()}-"))


def test_a_page_is_told_refusals_in_a_header(client, leg):
    leg["leg"]["length"] = "-3 mm"
    asked = {"number": 3, "document": leg}
    plain = client.post("/api/curves", json=asked)
    told = client.post("/api/curves", json=asked, headers={"Refusals": "in-header"})
    assert (plain.status_code, told.status_code, told.headers["refusal"]) == (422, 200, "422")
    assert told.json() == plain.json()
    elsewhere = client.get("/api/info", headers={"Refusals": "in-header", "Host": "example.org"})
    assert (elsewhere.status_code, elsewhere.headers["refusal"]) == (200, "403")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is held by what Linux counts")
def test_a_process_holds_no_more_than_its_memory():
    code = (
        "from ioffe_studio import limits\n"
        "limits.limit_memory()\n"
        "try:\n    bytearray(limits.MEMORY)\n"
        "except MemoryError:\n    print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"
