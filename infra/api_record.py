"""Chalice's record of the API that it deployed, kept in the stage's code bucket.

Chalice finds its REST and WebSocket APIs by this file alone: a machine without it would make a
second API. The copy in the bucket is the one that counts, so that any machine can deploy, publish
and take down.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from infra.aws import Aws
from infra.buckets import bucket_name, exists
from infra.deployments import Deployment
from infra.errors import InfraError

KEY = "chalice/deployed.json"


def fetch_record(deployment: Deployment, aws: Aws) -> bool:
    """Write the bucket's record to where Chalice looks; return whether there is a record at all.

    Without one in the bucket the file stays, which `chalice deploy` by hand may have left.
    Raises InfraError where the record is another region's.
    """
    content = _stored(deployment, aws)
    if content is not None:
        deployment.deployed_file.parent.mkdir(parents=True, exist_ok=True)
        deployment.deployed_file.write_bytes(content)
    if not deployment.deployed_file.is_file():
        return False
    if not deployment.endpoint:  # the local AWS has no region in its addresses
        require_region(deployment.deployed_file.read_text(encoding="utf-8"), aws.region)
    return True


def store_record(deployment: Deployment, aws: Aws) -> None:
    """Copy Chalice's record to the bucket, after a deployment that succeeded or failed halfway."""
    if deployment.deployed_file.is_file():
        aws.s3.put_object(
            Bucket=bucket_name(deployment, aws, "code"),
            Key=KEY,
            Body=deployment.deployed_file.read_bytes(),
            ContentType="application/json",
        )


def require_record_of_existing_api(deployment: Deployment, aws: Aws) -> None:
    """Raise InfraError where the API exists and its record does not: a second one would be made."""
    if fetch_record(deployment, aws) or not _api_exists(deployment, aws):
        return
    raise InfraError(
        f"The API of stage «{deployment.stage}» exists, but its record is neither here nor in the "
        f"bucket. Copy .chalice/deployed/{deployment.stage}.json from the machine that deployed it."
    )


def _stored(deployment: Deployment, aws: Aws) -> bytes | None:
    bucket = bucket_name(deployment, aws, "code")
    if not exists(aws, bucket) or not exists(aws, bucket, KEY):
        return None
    return aws.s3.get_object(Bucket=bucket, Key=KEY)["Body"].read()


def require_region(record: str, region: str) -> None:
    """Raise InfraError where a record's API is in another region."""
    for resource in json.loads(record)["resources"]:
        host = urlsplit(resource.get("rest_api_url", "")).netloc
        if host and f".{region}." not in host:
            raise InfraError(
                f"The API of this stage is at {host}, but the region is {region}. "
                "Set AWS_REGION to the API's region, or take that API down first."
            )


def _api_exists(deployment: Deployment, aws: Aws) -> bool:
    try:
        aws.functions.get_function(FunctionName=deployment.stack)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return False
        raise
    return True
