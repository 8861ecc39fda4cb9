"""Infrastructure as code and the commands of `python -m infra <command>`.

cli               commands, options, exit codes
deployments       stage, endpoint, data folder and names of one deployment
aws               boto3 clients of a deployment
build_all         models, function packages and web pages
packages/         build a function's deployment package
up, down, stack   create, update and delete the CloudFormation stack (template.yaml)
buckets           the code and evidence buckets, uploads
chalice_deploy    deploy app.py with Chalice
publish           upload the web pages
endpoints         URLs of the API, the WebSocket API and the pages
exam_file/        import an exam from a JSON file
seed/             the demonstration exam
record_export     export and verify a session's record
demo              everything at once on this machine
local/            the local AWS (MiniStack)
checks            linters, type checks and tests
bootstrap         create .venv before anything is installed
context           use cases bound to a stage's tables and buckets
progress, stamps  progress display; skip steps that are up to date
"""
