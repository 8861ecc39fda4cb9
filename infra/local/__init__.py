"""The local AWS: MiniStack in one process, with the two API Gateway calls that it lacks.

server         run MiniStack under hypercorn
process        run the server as a child process
lifespan       start and stop the ASGI application independently of the server
concurrency    limit concurrent requests to the deployed API
rest_api       ImportRestApi and PutRestApi as ASGI middleware
swagger        translate a Swagger document into API Gateway calls
state_repair   reset stream positions in the saved state
"""
