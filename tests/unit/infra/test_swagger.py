"""The translation of a Swagger document, as Chalice itself writes one."""

from chalice.app import Chalice, CORSConfig
from chalice.deploy.swagger import SwaggerGenerator

from infra.local.swagger import Json, method_calls, paths

URI = "arn:aws:lambda:us-east-1:000000000000:function:invigil-local"


def document() -> Json:
    app = Chalice("invigil")
    cors = CORSConfig(allow_origin="https://pages.example", max_age=600)

    @app.route("/")
    def root() -> None: ...

    @app.route("/exams/{exam_id}/papers", methods=["GET", "PUT"], cors=cors)
    def papers(exam_id: str) -> None: ...

    written: Json = SwaggerGenerator("us-east-1", {"api_handler_arn": URI}).generate_swagger(app)
    return written


def test_parents_come_before_children_and_the_root_is_left_out() -> None:
    assert paths(document()) == ["/exams", "/exams/{exam_id}", "/exams/{exam_id}/papers"]


def test_a_route_becomes_a_method_with_its_lambda_and_parameters() -> None:
    made = {
        call.tail: call.body
        for call in method_calls(document()["paths"]["/exams/{exam_id}/papers"])
    }
    assert made["/methods/PUT"]["requestParameters"] == {"method.request.path.exam_id": True}
    integration = made["/methods/PUT/integration"]
    assert integration["type"] == "AWS_PROXY"
    assert integration["httpMethod"] == "POST"
    assert URI in integration["uri"]


def test_a_preflight_becomes_a_mock_that_answers_with_its_headers() -> None:
    made = {
        call.tail: call.body
        for call in method_calls(document()["paths"]["/exams/{exam_id}/papers"])
    }
    assert made["/methods/OPTIONS/integration"]["type"] == "MOCK"
    answer = made["/methods/OPTIONS/integration/responses/200"]["responseParameters"]
    assert answer["method.response.header.Access-Control-Allow-Origin"] == "'https://pages.example'"
    assert answer["method.response.header.Access-Control-Max-Age"] == "'600'"
    declared = made["/methods/OPTIONS/responses/200"]["responseParameters"]
    assert declared.keys() == answer.keys()


def test_a_method_is_made_before_what_belongs_to_it() -> None:
    order = [call.tail for call in method_calls(document()["paths"]["/"])]
    assert order[0] == "/methods/GET"
    assert order.index("/methods/GET/integration") < order.index(
        "/methods/GET/integration/responses/200"
    )
