"""The look-up of the locked packages among known vulnerabilities, at a service of our own."""

from __future__ import annotations

import importlib.util
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import pytest

HOME = Path(__file__).parent.parent
LOCKS = sorted(HOME.glob("requirements*.lock"))
DIGEST = f" \\\n    --hash=sha256:{'0' * 64}\n"
LOCK = f"click==8.1.0{DIGEST}jinja2==3.1.0{DIGEST}"
FOUND = {
    "id": "PYSEC-0000-1",
    "summary": "Made up for this test.",
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.1.9"}]}],
        }
    ],
}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", HOME / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def lock(tmp_path) -> Path:
    path = tmp_path / "made-up.lock"
    path.write_text(LOCK)
    return path


@pytest.fixture
def service() -> Iterator[tuple[str, dict[str, object]]]:
    """The address of a service, and what it answers for a package by its name."""
    answers: dict[str, object] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            content = json.dumps(answers.get(asked["package"]["name"], {})).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/query", answers
        server.shutdown()


def test_packages_without_one_pass(audit, lock, service, capfd):
    assert audit.main([lock], service[0]) == 0
    assert capfd.readouterr().out == "audit: 2 packages have no known vulnerability\n"


def test_a_package_with_a_known_vulnerability_fails(audit, lock, service, capfd):
    address, answers = service
    answers["jinja2"] = {"vulns": [FOUND]}
    assert audit.main([lock], address) == 1
    assert capfd.readouterr().err == (
        "audit: jinja2 3.1.0 has PYSEC-0000-1, mended in 3.1.9: Made up for this test.\n"
    )


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "http://nowhere.invalid/"])
def test_without_an_answer_nothing_is_checked_and_it_is_said_so(audit, lock, address, capfd):
    assert audit.main([lock], address) == 0
    said = capfd.readouterr().out
    assert said == "audit: the advisory service can't be reached; no package was checked\n"


def test_any_other_fault_fails(audit, tmp_path, service, capfd):
    assert audit.main([tmp_path / "missing.lock"], service[0]) == 1
    assert capfd.readouterr().err.startswith("audit: pip-audit failed\n")


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_digests_and_no_address(path):
    text = path.read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-z])", re.sub(r"(?m)^#.*\n", "", text))
    assert len(packages) > 3
    for package in packages:
        assert re.match(r"[a-z][\w.-]*(\[[\w,-]+\])?==\S+", package), package
        assert "--hash=sha256:" in package, package
    assert not re.search(r"https?://|file:|--(?:extra-)?index-url|--find-links", text)
