"""The buckets outside the stack (code, evidence), package uploads, and emptying a bucket."""

from __future__ import annotations

from pathlib import Path

from botocore.exceptions import ClientError

from infra.aws import Aws
from infra.deployments import Deployment

EVIDENCE_DAYS = 365
"""Retention of locked evidence; appeals are over by then."""


def bucket_name(deployment: Deployment, aws: Aws, kind: str) -> str:
    """Return the name of the `code`, `evidence`, `media` or `web` bucket."""
    return f"invigil-{deployment.stage}-{kind}-{aws.account}"


def ensure_code_bucket(deployment: Deployment, aws: Aws) -> str:
    """Create the private bucket for packages unless it exists; return its name."""
    name = bucket_name(deployment, aws, "code")
    if not exists(aws, name):
        _create(aws, name, locked=False)
    _keep_private(aws, name)
    return name


def ensure_evidence_bucket(deployment: Deployment, aws: Aws) -> str:
    """Create the private bucket for evidence unless it exists; return its name.

    It is not part of the stack, because evidence must outlive it. Object Lock (governance mode)
    prevents changes and deletion for EVIDENCE_DAYS, except by principals that may bypass it.
    """
    name = bucket_name(deployment, aws, "evidence")
    if not exists(aws, name):
        _create(aws, name, locked=True)
    aws.s3.put_object_lock_configuration(
        Bucket=name,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": EVIDENCE_DAYS}},
        },
    )
    _keep_private(aws, name)
    aws.s3.put_bucket_cors(
        Bucket=name,
        CORSConfiguration={
            "CORSRules": [
                {
                    "AllowedMethods": ["GET", "HEAD"],
                    "AllowedOrigins": deployment.page_origins or [web_origin(deployment, aws)],
                    "AllowedHeaders": ["*"],
                    "ExposeHeaders": ["ETag"],  # tells pages that the bucket itself answered
                    "MaxAgeSeconds": 3600,
                }
            ]
        },
    )
    return name


def web_origin(deployment: Deployment, aws: Aws) -> str:
    """Return the origin of the pages on AWS: the web bucket's host."""
    return f"https://{bucket_name(deployment, aws, 'web')}.s3.{aws.region}.{aws.url_suffix}"


def _create(aws: Aws, name: str, *, locked: bool) -> None:
    if aws.region == "us-east-1":  # the only region that S3 rejects as LocationConstraint
        aws.s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=locked)
        return
    aws.s3.create_bucket(
        Bucket=name,
        ObjectLockEnabledForBucket=locked,
        CreateBucketConfiguration={"LocationConstraint": aws.region},  # type: ignore[typeddict-item]
    )


def _keep_private(aws: Aws, name: str) -> None:
    aws.s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    )


def upload_package(aws: Aws, bucket: str, archive: Path) -> str:
    """Upload a package under its content-addressed name unless present; return its key."""
    key = f"packages/{archive.name}"
    if not exists(aws, bucket, key):
        aws.s3.upload_file(str(archive), bucket, key)
    return key


def exists(aws: Aws, bucket: str, key: str | None = None) -> bool:
    """Return whether the bucket, or the object in it, exists."""
    try:
        if key is None:
            aws.s3.head_bucket(Bucket=bucket)
        else:
            aws.s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        raise
    return True


def empty_bucket(aws: Aws, bucket: str) -> int:
    """Delete all objects of a bucket, in batches of 1,000; return their number."""
    if not exists(aws, bucket):
        return 0
    count = 0
    for page in aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        keys = [{"Key": entry["Key"]} for entry in page.get("Contents", [])]
        if keys:
            aws.s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})  # type: ignore[typeddict-item]
        count += len(keys)
    return count
