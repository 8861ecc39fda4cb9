#!/bin/sh
# Find a recent enough Python (pyenv's and uv's `python3` honour .python-version)
# and run bootstrap.py with it. Usage: sh infra/bootstrap.sh [--test]
cd "$(dirname "$0")/.." || exit 1
check='import sys; sys.exit(sys.version_info < (3, 12))'
for python in "${PYTHON:-}" python3 python3.12 python3.13 python3.14 python3.15 python; do
    if [ -n "$python" ] && "$python" -c "$check" >/dev/null 2>&1; then
        exec "$python" infra/bootstrap.py "$@"
    fi
done
version=$(python3 -c 'import platform; print("Python " + platform.python_version())' 2>/dev/null)
echo "✗ Python 3.12 or newer is required; found ${version:-none}. Install it, or pass its path: make PYTHON=…" >&2
exit 1
