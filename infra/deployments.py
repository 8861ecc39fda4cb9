"""Where a copy of the product lives: its stage, its endpoint, its data folder, its names.

The endpoint variable is the only difference between the local AWS and the real one. Everything
here that looks different for the stage `local` is that variable and where its state is kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from infra.errors import InfraError

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".local"
LOCAL_STAGE = "local"
DEFAULT_PORT = 4566
REGION = "us-east-1"
ENDPOINT = "AWS_ENDPOINT_URL"


@dataclass(frozen=True)
class Deployment:
    """One copy of the product.

    `data` holds what belongs to this copy alone: the local AWS's state and, for the stage
    `local`, the project as it was deployed, so that two copies never share a deployment record.
    """

    stage: str = LOCAL_STAGE
    port: int = DEFAULT_PORT
    data: Path = WORK / "aws"
    root: Path = ROOT

    @property
    def is_local(self) -> bool:
        """Whether this copy runs on the local AWS."""
        return self.stage == LOCAL_STAGE

    @property
    def app_dir(self) -> Path:
        """The folder in which Chalice runs."""
        return self.data / "project" if self.is_local else self.root

    @property
    def deployed_file(self) -> Path:
        """Chalice's own record of what it deployed."""
        return self.app_dir / ".chalice" / "deployed" / f"{self.stage}.json"

    @property
    def summary_file(self) -> Path:
        """The addresses and accounts of the demonstration, `demo.json`."""
        return self.data.parent / "demo.json"

    @property
    def stack(self) -> str:
        """The name of the CloudFormation stack."""
        return f"invigil-{self.stage}"

    @cached_property
    def env(self) -> dict[str, str]:
        """The environment in which everything that talks to AWS runs."""
        return {**os.environ, **(local_variables(self.port, os.environ) if self.is_local else {})}

    @property
    def endpoint(self) -> str | None:
        """The address of the local AWS, or None where AWS itself is meant."""
        return self.env.get(ENDPOINT)

    @property
    def public_endpoint(self) -> str:
        """The local AWS as browsers should name it: cameras work on `localhost`."""
        return (self.endpoint or "").replace("127.0.0.1", "localhost")

    @property
    def page_origins(self) -> list[str]:
        """Origins of the pages; empty on AWS, where the template knows the web bucket's."""
        return [self.public_endpoint, self.endpoint] if self.endpoint else []

    @contextmanager
    def activated(self) -> Iterator[None]:
        """Have this process talk to this site, for code that reads the environment itself."""
        before = dict(os.environ)
        os.environ.update(self.env)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def local_variables(port: int, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that point every SDK at the local AWS on `port`."""
    return {
        ENDPOINT: f"http://127.0.0.1:{port}",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": environment.get("AWS_ACCESS_KEY_ID", "test"),
        "AWS_SECRET_ACCESS_KEY": environment.get("AWS_SECRET_ACCESS_KEY", "test"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def deployment_from(stage: str, port: int | None, data: Path | None) -> Deployment:
    """Build a Site out of what a command was given, then the environment, then the defaults.

    Raises InfraError when INVIGIL_PORT is no port number.
    """
    given = os.environ.get("INVIGIL_PORT", str(DEFAULT_PORT))
    if port is None:
        if not (given.isdecimal() and 0 < int(given) < 65536):
            raise InfraError(f"INVIGIL_PORT={given} is not a port number.")
        port = int(given)
    folder = data or Path(os.environ.get("INVIGIL_DATA", str(WORK / "aws")))
    return Deployment(stage=stage, port=port, data=folder.resolve())
