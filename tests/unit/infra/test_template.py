"""The CloudFormation template: passes cfn-lint, works in every partition, secure by default."""

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


@pytest.mark.parametrize("region", ["us-east-1", "ap-east-1", "eu-central-1", "cn-north-1"])
def test_cfn_lint_reports_nothing(region: str) -> None:
    result = subprocess.run(
        [LINT, "--regions", region, "--", TEMPLATE], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (0, "")


def test_template_fits_into_a_request() -> None:
    """CloudFormation takes at most so many bytes; what is larger must come from a bucket."""
    assert TEMPLATE.stat().st_size <= 51_200


def test_no_partition_or_host_is_hard_coded() -> None:
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


def test_pages_can_tell_the_media_bucket_from_a_login_page(resources: dict[str, Any]) -> None:
    [rule] = resources["MediaBucket"]["Properties"]["CorsConfiguration"]["CorsRules"]
    assert "ETag" in rule["ExposedHeaders"]


def test_every_table_has_point_in_time_recovery_and_encryption(resources: dict[str, Any]) -> None:
    for table in of_type(resources, "AWS::DynamoDB::Table").values():
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert table["SSESpecification"]["SSEEnabled"] is True
        assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_every_dead_letter_queue_has_an_alarm(resources: dict[str, Any]) -> None:
    monitored = alarm_queues(resources, "ApproximateNumberOfMessagesVisible")
    dead_letters = {name for name in of_type(resources, "AWS::SQS::Queue") if "Dead" in name}
    assert monitored == dead_letters
    assert len(monitored) == 6


def test_queues_of_uploads_have_an_alarm_when_the_functions_are_behind(
    resources: dict[str, Any],
) -> None:
    assert alarm_queues(resources, "ApproximateAgeOfOldestMessage") == {
        *("VisionQueue", "SoundQueue", "RecordingQueue")
    }


def test_every_alarm_reaches_the_topic(resources: dict[str, Any]) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    assert len(alarms) == 16
    assert len({alarm["AlarmName"]["Fn::Sub"] for alarm in alarms.values()}) == len(alarms)
    for alarm in alarms.values():
        topics = str(alarm["AlarmActions"])
        assert "AlarmTopic" in topics
        assert "'Alarms'" in topics


def test_what_slows_or_stops_an_exam_has_an_alarm(resources: dict[str, Any]) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm").values()
    metrics = {(alarm["Namespace"], alarm["MetricName"]) for alarm in alarms}
    assert metrics >= {
        ("AWS/Lambda", "Errors"),
        ("AWS/Lambda", "Throttles"),
        ("AWS/Lambda", "Duration"),
        ("AWS/Lambda", "IteratorAge"),
        ("AWS/DynamoDB", "WriteThrottleEvents"),
        ("AWS/SNS", "SMSMonthToDateSpentUSD"),
    }


def alarm_queues(resources: dict[str, Any], metric: str) -> set[str]:
    """The queues of which a metric has an alarm."""
    return {
        alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
        if alarm["MetricName"] == metric
    }


def test_every_event_source_reports_partial_batch_failures(resources: dict[str, Any]) -> None:
    mappings = of_type(resources, "AWS::Lambda::EventSourceMapping")
    assert len(mappings) == 6
    for mapping in mappings.values():
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_visibility_timeout_is_six_times_the_functions_timeout(resources: dict[str, Any]) -> None:
    functions = of_type(resources, "AWS::Lambda::Function")
    for name in ("Vision", "Sound", "Recording", "Sms", "Retention"):
        queue = resources[f"{name}Queue"]["Properties"]
        assert queue["VisibilityTimeout"] >= 6 * functions[f"{name}Function"]["Timeout"]
        assert queue["RedrivePolicy"]["maxReceiveCount"] == 4
