"""Routes of the ICE servers, by which browsers connect to each other."""

from chalicelib.api.roles import CALL_PARTIES, PUBLIC
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.schemas.ice import IceOut, IceServerOut
from chalicelib.services.messaging import ice_servers
from chalicelib.services.messaging.ice_servers import IceServers

routes = Routes("chalicelib.api.ice")


@routes.add("GET", "/live/ice", tag=Tag.CALLS, roles=CALL_PARTIES, response=IceOut)
def show_ice_servers(request: ApiRequest) -> IceOut:
    """Show the ICE servers for a call, with the caller's own relay credentials."""
    return _ice_out(request, ice_servers.ice_for(request.context, request.caller.subject))


@routes.add("GET", "/exams/{exam_id}/ice", tag=Tag.EXAMS, roles=PUBLIC, response=IceOut)
def show_ice_servers_for_check(request: ApiRequest, exam_id: str) -> IceOut:
    """Show the ICE servers for the device check before sign-in.

    The relay's credentials expire after two minutes.
    """
    return _ice_out(request, ice_servers.ice_for_check(request.context, exam_id))


def _ice_out(request: ApiRequest, reach: IceServers) -> IceOut:
    return IceOut(
        servers=[
            IceServerOut(
                urls=list(server.urls), username=server.username, credential=server.credential
            )
            for server in reach.servers
        ],
        relay_only=reach.relay_only,
        expires_at=reach.expires_at,
        now=request.context.clock(),
    )
