"""A deployment of the product: its stage, endpoint, data folder and resource names.

AWS_ENDPOINT_URL is the only difference between the local AWS and the real one. All that depends
on the stage `local` here is that variable and the folder that holds its state.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import boto3

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

    `data` holds the files of this copy only: the state of the local AWS and, for the stage
    `local`, the deployed project, so that two copies never share a deployment record.
    """

    stage: str = LOCAL_STAGE
    port: int = DEFAULT_PORT
    data: Path = WORK / "aws"
    root: Path = ROOT

    @property
    def is_local(self) -> bool:
        """Return whether this copy runs on the local AWS."""
        return self.stage == LOCAL_STAGE

    @property
    def app_dir(self) -> Path:
        """The folder in which Chalice runs."""
        return self.data / "project" if self.is_local else self.root

    @property
    def deployed_file(self) -> Path:
        """Chalice's record of the resources that it deployed."""
        return self.app_dir / ".chalice" / "deployed" / f"{self.stage}.json"

    @property
    def summary_file(self) -> Path:
        """The addresses and accounts of this stage's demonstration exam."""
        return self.data.parent / ("demo.json" if self.is_local else f"demo-{self.stage}.json")

    @property
    def stack(self) -> str:
        """The name of the CloudFormation stack."""
        return f"invigil-{self.stage}"

    @cached_property
    def env(self) -> dict[str, str]:
        """The environment variables for all code that calls AWS.

        Raises InfraError where they would send a stage's parts to different places.
        """
        if self.is_local:
            return {**os.environ, **local_variables(self.port, os.environ)}
        return {**os.environ, **aws_variables(self.stage, os.environ)}

    @property
    def endpoint(self) -> str | None:
        """The URL of the local AWS; None on AWS."""
        return self.env.get(ENDPOINT)

    @property
    def public_endpoint(self) -> str:
        """The local AWS's URL for browsers: they allow cameras on `localhost`."""
        return (self.endpoint or "").replace("127.0.0.1", "localhost")

    @property
    def page_origins(self) -> list[str]:
        """Origins of the pages; empty on AWS, where the template derives the web bucket's."""
        return [self.public_endpoint, self.endpoint] if self.endpoint else []

    @contextmanager
    def activated(self) -> Iterator[None]:
        """Set this process's environment for the block, for code that reads os.environ."""
        original = dict(os.environ)
        os.environ.update(self.env)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(original)


def local_variables(port: int, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that point every AWS SDK at the local AWS on `port`."""
    return {
        ENDPOINT: f"http://127.0.0.1:{port}",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": environment.get("AWS_ACCESS_KEY_ID", "test"),
        "AWS_SECRET_ACCESS_KEY": environment.get("AWS_SECRET_ACCESS_KEY", "test"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def aws_variables(stage: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that send all parts of a stage to one region of AWS.

    Some SDKs read AWS_REGION, others AWS_DEFAULT_REGION, and either may come from a profile.
    Raises InfraError where the two differ, or where an endpoint would redirect the stage.
    """
    stray = sorted(name for name in environment if name.startswith(ENDPOINT))
    if stray:
        raise InfraError(
            f"{', '.join(stray)} is set: stage «{stage}» would not be deployed to AWS. "
            "Unset it, or use --stage local."
        )
    names = ("AWS_REGION", "AWS_DEFAULT_REGION")
    regions = {environment[name] for name in names if environment.get(name)}
    if len(regions) > 1:
        raise InfraError("AWS_REGION and AWS_DEFAULT_REGION name different regions; set one.")
    region = next(iter(regions), None) or boto3.Session().region_name
    return dict.fromkeys(names, region) if region else {}


def deployment_from(stage: str, port: int | None, data: Path | None) -> Deployment:
    """Return the deployment for a command's options, the environment and the defaults, in order.

    Raises InfraError when INVIGIL_PORT is not a valid port number.
    """
    variable = os.environ.get("INVIGIL_PORT", str(DEFAULT_PORT))
    if port is None:
        if not (variable.isdecimal() and 0 < int(variable) < 65536):
            raise InfraError(f"INVIGIL_PORT={variable} is not a port number.")
        port = int(variable)
    folder = data or Path(os.environ.get("INVIGIL_DATA", str(WORK / "aws")))
    return Deployment(stage=stage, port=port, data=folder.resolve())
