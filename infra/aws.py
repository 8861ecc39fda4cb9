"""Typed boto3 clients for the AWS services that the commands use."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from infra.deployments import ENDPOINT, Deployment
from infra.errors import InfraError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_sts import STSClient

RETRIES = Config(retries={"mode": "standard", "max_attempts": 5})


class Aws:
    """The clients of one deployment, created lazily and cached."""

    def __init__(self, deployment: Deployment) -> None:
        self._env = deployment.env
        if not self._env.get("AWS_REGION"):
            raise InfraError("No AWS region: set AWS_REGION, or a region in your AWS profile.")
        self._session = boto3.Session(
            aws_access_key_id=self._env.get("AWS_ACCESS_KEY_ID") if deployment.is_local else None,
            aws_secret_access_key=self._env.get("AWS_SECRET_ACCESS_KEY")
            if deployment.is_local
            else None,
            region_name=self._env["AWS_REGION"],
        )
        self._endpoint = self._env.get(ENDPOINT)

    @cached_property
    def cloudformation(self) -> CloudFormationClient:
        """CloudFormation."""
        client: CloudFormationClient = self._session.client(
            "cloudformation", endpoint_url=self._endpoint, config=RETRIES
        )
        return client

    @cached_property
    def s3(self) -> S3Client:
        """S3; path-style on a local endpoint, where bucket host names do not resolve."""
        style = Config(s3={"addressing_style": "path" if self._endpoint else "virtual"})
        client: S3Client = self._session.client(
            "s3", endpoint_url=self._endpoint, config=RETRIES.merge(style)
        )
        return client

    @cached_property
    def functions(self) -> LambdaClient:
        """Lambda."""
        client: LambdaClient = self._session.client(
            "lambda", endpoint_url=self._endpoint, config=RETRIES
        )
        return client

    @cached_property
    def ssm(self) -> SSMClient:
        """Parameter Store."""
        client: SSMClient = self._session.client("ssm", endpoint_url=self._endpoint, config=RETRIES)
        return client

    @cached_property
    def secrets(self) -> SecretsManagerClient:
        """Secrets Manager."""
        client: SecretsManagerClient = self._session.client(
            "secretsmanager", endpoint_url=self._endpoint, config=RETRIES
        )
        return client

    @cached_property
    def sts(self) -> STSClient:
        """Security Token Service, to look up the account."""
        client: STSClient = self._session.client("sts", endpoint_url=self._endpoint, config=RETRIES)
        return client

    @cached_property
    def account(self) -> str:
        """The AWS account id."""
        return self.sts.get_caller_identity()["Account"]

    @property
    def poll_interval(self) -> float:
        """Seconds between two polls of a running operation."""
        return 0.1 if self._endpoint else 2.0

    @property
    def region(self) -> str:
        """The region that the clients use."""
        return self.s3.meta.region_name

    @property
    def url_suffix(self) -> str:
        """The DNS suffix of the partition: amazonaws.com or amazonaws.com.cn."""
        partition = self._session.get_partition_for_region(self.region)
        return {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}.get(
            partition, "amazonaws.com"
        )
