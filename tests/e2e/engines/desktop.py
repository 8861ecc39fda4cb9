"""What a browser needs around it: a sound server and a screen."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.polling import wait_for

SCREEN = "1600x1000x24"
MODULES = (
    "module-null-sink sink_name=speaker",
    "module-virtual-source source_name=microphone master=speaker.monitor",
    "module-native-protocol-unix auth-anonymous=1 socket={socket}",
)


@contextmanager
def sound_server(folder: Path) -> Iterator[Mapping[str, str]]:
    """Run a sound server with a loudspeaker for the block; yields the variables for browsers.

    Without any loudspeaker the AudioContext of Firefox never starts.
    """
    socket = folder / "sound.socket"
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
    for module in MODULES:
        command += ["--load", module.format(socket=socket)]
    home = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    with running(command, folder / "pulse.log", home):
        wait_for(socket.is_socket, "the sound server")
        yield {"PULSE_SERVER": f"unix:{socket}"}


@contextmanager
def virtual_screen(folder: Path) -> Iterator[Mapping[str, str]]:
    """Run a screen of its own for the block; yields the variables for a browser."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with running(command, folder / "screen.log", os.environ, writer):
        os.close(writer)
        with os.fdopen(reader) as lines:
            yield {"DISPLAY": f":{lines.readline().strip()}"}


@contextmanager
def running(
    command: list[str], log: Path, variables: Mapping[str, str], *descriptors: int
) -> Iterator[None]:
    """Run a program for the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env=variables, pass_fds=descriptors
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)
