"""Translation of Swagger documents, using documents that Chalice generates."""

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

    generator = SwaggerGenerator("us-east-1", {"api_handler_arn": URI})
    swagger: Json = generator.generate_swagger(app)
    return swagger


def test_paths_list_parents_before_children_without_the_root() -> None:
    assert paths(document()) == ["/exams", "/exams/{exam_id}", "/exams/{exam_id}/papers"]


def test_route_becomes_method_with_lambda_integration_and_parameters() -> None:
    bodies = {
        call.tail: call.body
        for call in method_calls(document()["paths"]["/exams/{exam_id}/papers"])
    }
    assert bodies["/methods/PUT"]["requestParameters"] == {"method.request.path.exam_id": True}
    integration = bodies["/methods/PUT/integration"]
    assert integration["type"] == "AWS_PROXY"
    assert integration["httpMethod"] == "POST"
    assert URI in integration["uri"]


def test_preflight_becomes_mock_integration_with_cors_headers() -> None:
    bodies = {
        call.tail: call.body
        for call in method_calls(document()["paths"]["/exams/{exam_id}/papers"])
    }
    assert bodies["/methods/OPTIONS/integration"]["type"] == "MOCK"
    headers = bodies["/methods/OPTIONS/integration/responses/200"]["responseParameters"]
    assert (
        headers["method.response.header.Access-Control-Allow-Origin"] == "'https://pages.example'"
    )
    assert headers["method.response.header.Access-Control-Max-Age"] == "'600'"
    declared = bodies["/methods/OPTIONS/responses/200"]["responseParameters"]
    assert declared.keys() == headers.keys()


def test_method_is_created_before_its_integration_and_responses() -> None:
    order = [call.tail for call in method_calls(document()["paths"]["/"])]
    assert order[0] == "/methods/GET"
    assert order.index("/methods/GET/integration") < order.index(
        "/methods/GET/integration/responses/200"
    )
