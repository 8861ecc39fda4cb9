"""Buckets: the one for packages, what is uploaded to them, and emptying them."""

from __future__ import annotations

from pathlib import Path

from botocore.exceptions import ClientError

from infra.aws import Aws
from infra.sites import Site


def bucket_name(site: Site, aws: Aws, kind: str) -> str:
    """The name of the `code`, `media` or `web` bucket."""
    return f"invigil-{site.stage}-{kind}-{aws.account}"


def ensure_code_bucket(site: Site, aws: Aws) -> str:
    """Make the private bucket for packages where it is not yet; return its name."""
    name = bucket_name(site, aws, "code")
    if not exists(aws, name):
        if aws.region == "us-east-1":  # the one region that may not be named
            aws.s3.create_bucket(Bucket=name)
        else:
            aws.s3.create_bucket(
                Bucket=name,
                CreateBucketConfiguration={"LocationConstraint": aws.region},  # type: ignore[typeddict-item]
            )
    aws.s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    )
    return name


def upload_package(aws: Aws, bucket: str, archive: Path) -> str:
    """Upload a package under its content's name unless it is there; return its key."""
    key = f"packages/{archive.name}"
    if not exists(aws, bucket, key):
        aws.s3.upload_file(str(archive), bucket, key)
    return key


def exists(aws: Aws, bucket: str, key: str | None = None) -> bool:
    """Whether the bucket, or the object in it, is there."""
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


def empty(aws: Aws, bucket: str) -> int:
    """Delete every object of the bucket, a thousand at a time; return how many."""
    if not exists(aws, bucket):
        return 0
    count = 0
    for page in aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        keys = [{"Key": entry["Key"]} for entry in page.get("Contents", [])]
        if keys:
            aws.s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})  # type: ignore[typeddict-item]
        count += len(keys)
    return count
