"""Collect labelled pictures of a volunteer: ``python -m models.collect [--set FOLDER]``.

Prints the address of a page on this machine, and serves it until Ctrl-C. Exit codes: 0 done; 1 the
volunteer or the port cannot be used; 2 wrong usage.
"""

import argparse
import secrets
import sys
import threading
from pathlib import Path

from models.collect.picture_set import PictureSet, UnknownVolunteer
from models.collect.server import Collection, CollectServer


def main(arguments: list[str] | None = None) -> int:
    """Serve the page, or delete a volunteer's pictures; return the exit code."""
    options = _parser().parse_args(arguments)
    pictures = PictureSet(options.set)
    try:
        if options.delete:
            pictures.delete(pictures.volunteer(options.delete))
            print(f"collect: everything about {options.delete} is deleted")
            return 0
        volunteer = (
            pictures.volunteer(options.resume) if options.resume else pictures.new_volunteer()
        )
        collection = Collection(pictures, volunteer, secrets.token_urlsafe(24), threading.Lock())
        with CollectServer(collection, options.port) as server:
            _serve(server, collection)
    except UnknownVolunteer as error:
        print(f"collect: {options.set} holds no volunteer {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"collect: port {options.port}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def _serve(server: CollectServer, collection: Collection) -> None:
    number, folder = collection.volunteer.number, collection.pictures.folder
    print(
        f"collect: volunteer {number}; open {server.origin}/#{collection.token}\n"
        f"collect: Ctrl-C stops; go on later with --resume {number}; "
        f"delete everything with --delete {number}\n"
        f"collect: afterwards `make evaluate PICTURES={folder}`",
        flush=True,
    )
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("\ncollect: stopped; the pictures of finished steps are kept")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models.collect", description=__doc__)
    parser.add_argument(
        "--set",
        type=Path,
        default=Path(".local/collected"),
        metavar="FOLDER",
        help="the set's folder (%(default)s); each volunteer has a folder in it",
    )
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    volunteer = parser.add_mutually_exclusive_group()
    volunteer.add_argument("--resume", metavar="NUMBER", help="go on with a volunteer")
    volunteer.add_argument("--delete", metavar="NUMBER", help="delete a volunteer's pictures")
    return parser


if __name__ == "__main__":
    sys.exit(main())
