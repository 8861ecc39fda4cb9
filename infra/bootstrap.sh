#!/bin/sh
# Finds a Python that is new enough (.python-version is honoured by pyenv's and uv's `python3`)
# and hands over to bootstrap.py. Usage: sh infra/bootstrap.sh [--test]
cd "$(dirname "$0")/.." || exit 1
enough='import sys; sys.exit(sys.version_info < (3, 12))'
for python in "${PYTHON:-}" python3 python3.12 python3.13 python3.14 python3.15 python; do
    if [ -n "$python" ] && "$python" -c "$enough" >/dev/null 2>&1; then
        exec "$python" infra/bootstrap.py "$@"
    fi
done
found=$(python3 -c 'import platform; print("Python " + platform.python_version())' 2>/dev/null)
echo "✗ Python 3.12 or newer is needed; found ${found:-none}. Install it, or name it: make PYTHON=…" >&2
exit 1
