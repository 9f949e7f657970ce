"""A server with the API of S3, in a thread of the tests' own process, and buckets in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from unittest.mock import patch

import boto3
from moto.server import ThreadedMotoServer
from werkzeug.serving import WSGIRequestHandler

KEYS = {
    "AWS_ACCESS_KEY_ID": "a-key",
    "AWS_SECRET_ACCESS_KEY": "a-secret",
    "AWS_DEFAULT_REGION": "us-east-1",
}
_numbers = count()


class Server:
    """Its address, and the requests (method, path) that came since they were last forgotten."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.requests: list[tuple[str, str]] = []

    @property
    def environment(self) -> dict[str, str]:
        return {**KEYS, "AWS_ENDPOINT_URL": self.address}

    def fetched(self, bucket: Bucket) -> list[str]:
        """The names of the objects that were fetched from a bucket."""
        start = f"/{bucket.name}/"
        return [path[len(start) :] for method, path in self.requests
                if method == "GET" and path.startswith(start) and len(path) > len(start)
                and "list-type" not in path]  # fmt: skip


class Bucket:
    """A bucket of its own for a test."""

    def __init__(self, server: Server) -> None:
        self.name = f"bucket-{os.getpid()}-{next(_numbers)}"
        self.client = boto3.client(
            "s3",
            endpoint_url=server.address,
            region_name="us-east-1",
            aws_access_key_id="a-key",
            aws_secret_access_key="a-secret",
        )
        self.client.create_bucket(Bucket=self.name)

    def __truediv__(self, folder: str) -> str:
        return f"s3://{self.name}/{folder}"

    def put(self, name: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=name, Body=content)

    def put_folder(self, folder: Path, name: str) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.put(f"{name}/{path.relative_to(folder).as_posix()}", path.read_bytes())

    def get(self, name: str) -> bytes:
        return self.client.get_object(Bucket=self.name, Key=name)["Body"].read()

    def remove(self, name: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=name)

    def names(self, start: str = "") -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=start
        )
        return [one["Key"] for page in pages for one in page.get("Contents", ())]

    def files(self, folder: str) -> dict[str, bytes]:
        """Every object's bytes by its name below a folder."""
        start = f"{folder}/"
        return {name.removeprefix(start): self.get(name) for name in self.names(start)}

    def copy_from(self, other: Bucket) -> None:
        for name in other.names():
            self.client.copy_object(
                Bucket=self.name, Key=name, CopySource={"Bucket": other.name, "Key": name}
            )


@contextmanager
def serve() -> Iterator[Server]:
    threaded = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    requests: list[tuple[str, str]] = []

    def note(handler: WSGIRequestHandler, *_: object) -> None:
        requests.append((handler.command, handler.path))

    with patch.object(WSGIRequestHandler, "log_request", note):
        threaded.start()
        try:
            host, port = threaded.get_host_and_port()
            server = Server(f"http://{host}:{port}")
            server.requests = requests
            yield server
        finally:
            threaded.stop()
