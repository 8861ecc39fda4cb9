"""The application: its routes, sockets and schedule, a line for each handler.

Routes are in the blueprints of `chalicelib/api`. Sockets and the schedule are here, because Chalice
supports them fully only on the app itself.
"""

from typing import Any

from chalice.app import Chalice, CloudWatchEvent, Rate, Response, WebsocketEvent

from chalicelib.api import scheduled, sockets
from chalicelib.api.headers import CORS, JSON
from chalicelib.api.route_modules import ROUTE_MODULES
from chalicelib.tracing import trace

trace()

app = Chalice(app_name="invigil", configure_logs=False)
app.experimental_feature_flags.update(["BLUEPRINTS", "WEBSOCKETS"])
app.websocket_api.session = sockets.no_session
for module in ROUTE_MODULES:
    app.register_blueprint(module.routes.blueprint)


@app.route("/openapi.json", cors=CORS)
def show_openapi() -> Response:
    """Return the API description."""
    # Nobody asks for it in an exam: what it takes to import is not waited for at each start.
    from chalicelib.api import openapi  # noqa: PLC0415

    return Response(openapi.document(), headers=JSON)


@app.on_ws_connect()
def connect(event: WebsocketEvent) -> dict[str, int]:
    """Open a socket."""
    return sockets.connect(event)


@app.on_ws_message()
def message(event: WebsocketEvent) -> dict[str, int]:
    """Handle a client message."""
    return sockets.message(event)


@app.on_ws_disconnect()
def disconnect(event: WebsocketEvent) -> dict[str, int]:
    """Remove a closed socket."""
    return sockets.disconnect(event)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def tick(event: CloudWatchEvent) -> dict[str, Any]:
    """Process sessions whose deadline has passed."""
    return scheduled.tick(event)
