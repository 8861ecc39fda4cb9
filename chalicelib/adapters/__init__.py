"""Adapters: implementations of the ports by AWS services and libraries.

media_bucket, evidence_bucket   S3: signed forms and addresses; locked evidence
passcode_store                  SSM: passcodes in clear, encrypted
job_queue                       SQS: jobs of sending passcodes
sms                             SNS, an HTTP gateway, or nothing
socket_push                     API Gateway: text to open sockets
tokens, passwords, totp         JWT, argon2id, one-time codes of an authenticator app
"""
