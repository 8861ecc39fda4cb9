"""Creates, updates and deletes the CloudFormation stack, and reports why an operation failed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from infra.aws import Aws
from infra.errors import StackFailed

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef, StackTypeDef

UNUSABLE_STATES = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}
TIMEOUT_S = 1800


def deploy(aws: Aws, name: str, template: Path, parameters: dict[str, str]) -> str:
    """Create or update the stack; return «created», «updated» or «unchanged». Idempotent.

    Raises StackFailed with the failed resources and CloudFormation's reasons.
    """
    stack_parameters: list[ParameterTypeDef] = [
        {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
    ]
    body = template.read_text(encoding="utf-8")
    stack = describe(aws, name)
    if stack and stack["StackStatus"] in UNUSABLE_STATES:
        delete(aws, name)
        stack = None
    try:
        if stack:
            kept = _kept(aws, stack, body, parameters)
            return _update(aws, name, body, [*stack_parameters, *kept])
        return _create(aws, name, body, stack_parameters)
    except ClientError as error:
        raise StackFailed(f"Stack {name}: {_reasons(aws, name) or error}") from error


def _create(aws: Aws, name: str, body: str, parameters: list[ParameterTypeDef]) -> str:
    created = aws.cloudformation.create_stack(
        StackName=name,
        TemplateBody=body,
        Parameters=parameters,
        Capabilities=["CAPABILITY_NAMED_IAM"],
        OnFailure="DELETE",
    )
    # A failed creation is deleted, and a deleted stack is known by its id alone.
    _wait(aws, name, created["StackId"], "CREATE_COMPLETE")
    return "created"


def _update(aws: Aws, name: str, body: str, parameters: list[ParameterTypeDef]) -> str:
    try:
        aws.cloudformation.update_stack(
            StackName=name,
            TemplateBody=body,
            Parameters=parameters,
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return "unchanged"
        raise
    _wait(aws, name, name, "UPDATE_COMPLETE")
    return "updated"


def describe(aws: Aws, name: str) -> StackTypeDef | None:
    """Return CloudFormation's description of the stack, or None."""
    try:
        return aws.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def outputs(aws: Aws, name: str) -> dict[str, str]:
    """Return the stack's outputs by name; empty without a stack."""
    stack = describe(aws, name)
    values = stack.get("Outputs", []) if stack else []
    return {output["OutputKey"]: output["OutputValue"] for output in values}


def delete(aws: Aws, name: str) -> None:
    """Delete the stack and wait for completion. Raises StackFailed."""
    aws.cloudformation.delete_stack(StackName=name)
    deadline = time.monotonic() + TIMEOUT_S
    while (stack := describe(aws, name)) and stack["StackStatus"] != "DELETE_COMPLETE":
        if stack["StackStatus"] == "DELETE_FAILED" or time.monotonic() > deadline:
            raise StackFailed(f"Stack {name} could not be deleted: {_reasons(aws, name)}")
        time.sleep(aws.poll_interval)


def _wait(aws: Aws, name: str, stack_id: str, target_status: str) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        stack = describe(aws, stack_id)
        status = stack["StackStatus"] if stack else "DELETE_COMPLETE"
        if status == target_status:
            return
        if not status.endswith("IN_PROGRESS"):
            raise StackFailed(f"Stack {name} ended as {status}: {_reasons(aws, stack_id)}")
        time.sleep(aws.poll_interval)
    raise StackFailed(f"Stack {name} took longer than {TIMEOUT_S // 60} minutes.")


def _kept(
    aws: Aws, stack: StackTypeDef, body: str, given: dict[str, str]
) -> list[ParameterTypeDef]:
    """Return the parameters that keep what the stack has: those set elsewhere, such as by hand."""
    known = aws.cloudformation.validate_template(TemplateBody=body)["Parameters"]
    present = {parameter["ParameterKey"] for parameter in stack.get("Parameters", ())}
    names = [parameter["ParameterKey"] for parameter in known]
    return [
        {"ParameterKey": name, "UsePreviousValue": True}
        for name in names
        if name in present and name not in given
    ]


def _reasons(aws: Aws, name: str) -> str:
    """Return the failed resources with their reasons, the first failure first, in one line."""
    try:
        events = aws.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    except ClientError:
        return ""
    failures = [
        f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
        for event in reversed(events)
        if event["ResourceStatus"].endswith("FAILED") and event.get("ResourceStatusReason")
    ]
    return "; ".join(dict.fromkeys(failures))
