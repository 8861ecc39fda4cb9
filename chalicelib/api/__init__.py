"""What the Lambda function of the API does with its events: routes, sockets, the schedule.

Routes, one module per actor or topic, each handler a few lines over the use cases:

- `candidate`, `device_checks`, `candidate_messages`, `phone`   the candidate's computer and phone
- `proctor`, `review`, `staff_messages`                         the console
- `candidates_admin`, `exam_settings`                           administration
- `ice`                                                         STUN and TURN servers

What they share:

- `routing`            declaring a route; what happens around its handler
- `roles`, `tags`      who may call; under which topic the description lists it
- `request_body`       media type, size, JSON and schema of a body
- `error_responses`    errors as status, code and message
- `headers`, `gateway` headers of every response; addresses at API Gateway
- `call_signals`, `upload_forms`   schemas to use-case input and back

The API description: `openapi`, `examples/`, over `route_modules`. Other events: `sockets` and
`scheduled`.
"""
