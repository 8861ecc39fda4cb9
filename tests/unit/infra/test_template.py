"""The template: clean, at home in every partition, and safe by default."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import decode  # type: ignore[import-untyped]

from infra.up import TEMPLATE

LINT = Path(sys.executable).with_name("cfn-lint")


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    template, _ = decode(str(TEMPLATE))
    return dict(template["Resources"])


def of_type(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: item["Properties"] for name, item in resources.items() if item["Type"] == kind}


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1"])
def test_cfn_lint_has_nothing_to_say(region: str) -> None:
    done = subprocess.run(
        [LINT, "--regions", region, "--", TEMPLATE], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_no_partition_and_no_host_is_written_by_hand() -> None:
    text = TEMPLATE.read_text()
    assert "arn:aws" not in text
    principals = set(re.findall(r"[\w.-]*amazonaws\.com[\w.]*", text))
    assert principals == {"s3.amazonaws.com", "lambda.amazonaws.com"}


def test_every_bucket_is_encrypted_and_tls_only(resources: dict[str, Any]) -> None:
    buckets = of_type(resources, "AWS::S3::Bucket")
    policies = of_type(resources, "AWS::S3::BucketPolicy")
    assert {policy["Bucket"]["Ref"] for policy in policies.values()} == set(buckets)
    assert all("BucketEncryption" in bucket for bucket in buckets.values())
    for policy in policies.values():
        assert any(
            statement["Effect"] == "Deny" and "aws:SecureTransport" in str(statement["Condition"])
            for statement in policy["PolicyDocument"]["Statement"]
        )


def test_every_table_can_be_restored(resources: dict[str, Any]) -> None:
    for table in of_type(resources, "AWS::DynamoDB::Table").values():
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert table["SSESpecification"]["SSEEnabled"] is True
        assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_what_is_given_up_on_rings(resources: dict[str, Any]) -> None:
    watched = {
        alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
    }
    dead_letters = {name for name in of_type(resources, "AWS::SQS::Queue") if "Dead" in name}
    assert watched == dead_letters
    assert len(watched) == 4


def test_every_source_reports_partial_failures(resources: dict[str, Any]) -> None:
    mappings = of_type(resources, "AWS::Lambda::EventSourceMapping")
    assert len(mappings) == 4
    for mapping in mappings.values():
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_a_message_outlives_its_functions_timeout(resources: dict[str, Any]) -> None:
    functions = of_type(resources, "AWS::Lambda::Function")
    for name in ("Vision", "Sound", "Sms"):
        queue = resources[f"{name}Queue"]["Properties"]
        assert queue["VisibilityTimeout"] >= 6 * functions[f"{name}Function"]["Timeout"]
        assert queue["RedrivePolicy"]["maxReceiveCount"] == 4
