"""Requests, responses and socket messages as pydantic models: the one source of openapi.json.

- `common`      what several actors share: the base model, texts, uploads, capture plans, errors
- `candidate`   the exam page
- `checks`      device checks
- `phone`       the second view
- `messages`    warnings, chats, calls and their signals
- `ice`         STUN and TURN servers
- `staff`       the console: rooms, tiles, flags, observations, audit, enrolment
- `cameras`     a candidate's cameras, as staff see them
- `review`      incidents, decisions, evidence, session records
- `admin`       exam settings, candidates, passcodes
- `push`        the socket's messages in both directions
- `serializers/`   from domain objects to these models
"""
