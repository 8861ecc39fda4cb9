"""A day of a few candidates while a fifth of the calls to DynamoDB, SQS and S3 fails.

`make bench-load` plays the same with a hundred thousand answers.
"""

import pytest

from chalicelib.services.ports import AppContext
from infra.demo import ProductInstance
from tests.conftest import PrintFigure
from tests.load.load_run import LoadPlan, run_load
from tests.support.deployed_exam import DeployedExam

pytestmark = pytest.mark.integration

PLAN = LoadPlan(candidates=6, questions=12, changes=4, pictures=2, processes=2)


def test_nothing_is_lost_or_doubled_where_a_fifth_of_the_calls_fails(
    product: ProductInstance, context: AppContext, print_figure: PrintFigure
) -> None:
    result = run_load(DeployedExam(product, context), PLAN)
    print_figure("; ".join(result.lines()))
    assert result.wrong == [], "\n".join(result.wrong)
    assert result.acknowledged == PLAN.candidates * PLAN.questions * PLAN.changes
    assert (result.sockets, result.pictures) == (PLAN.candidates, PLAN.candidates * PLAN.pictures)
    tried = sum(number for service, number in result.calls.items() if service != "other")
    assert sum(result.faults.values()) > 0.15 * tried
    assert {name.split()[0] for name in result.faults} == {"dynamodb", "s3", "sqs"}
