"""The JSON that crosses the API and the socket, as typed models: the one source of openapi.json."""
