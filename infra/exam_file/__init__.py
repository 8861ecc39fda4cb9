"""Import an exam from a JSON file.

command   `python -m infra exam FILE`
parser    validate the file and convert it to domain objects
schema    the pydantic models of the file
"""
