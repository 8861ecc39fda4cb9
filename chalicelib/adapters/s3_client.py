"""The S3 client of every adapter: the addresses that it signs name the region's own host."""

import os
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def s3_client() -> "S3Client":
    """Return a client whose presigned addresses a browser can use in every region.

    botocore signs path-style or global hosts unless told otherwise. Regions opened since 2019
    answer the global host with 400; in older ones it redirects during a bucket's first day, which
    a form's upload cannot follow. The local AWS has one host for all buckets.
    """
    is_local = bool(os.environ.get("AWS_ENDPOINT_URL"))
    client: S3Client = boto3.client(
        "s3",
        config=Config(
            signature_version="s3v4",
            s3={
                "addressing_style": "path" if is_local else "virtual",
                "us_east_1_regional_endpoint": "regional",
            },
        ),
    )
    return client
