"""Changed record of the sessions table → push messages to subscribed sockets.

- ``handler``: the Lambda behind the table's stream
- ``messages``: which messages a changed record produces, and on which topics
"""
