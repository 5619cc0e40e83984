"""Ends this process, and all that it has started, when Launchpad has ended: even where the model does not come to read."""

import os
import select
import signal


def watch(reading):
    """Forks a process that waits for the other side to hang up. POSIX only: elsewhere the end of input must do."""
    if not hasattr(os, "fork") or not hasattr(select, "poll"):
        return
    try:
        os.setpgid(0, 0)
    except OSError:
        pass
    mine, theirs = os.pipe()
    host = os.getpid()
    if os.fork() != 0:
        os.close(mine)
        # Kept open, and inherited by no program: it closes when this process ends.
        globals()["_alive"] = theirs
        return
    try:
        os.close(theirs)
        nothing = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(nothing, fd)
        for fd in range(3, 64):
            if fd not in (reading, mine):
                try:
                    os.close(fd)
                except OSError:
                    pass
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        poll = select.poll()
        # Nothing but a hang-up, which is always told.
        poll.register(reading, 0)
        poll.register(mine, 0)
        poll.poll()
        if os.getpgrp() == host:
            os.killpg(host, signal.SIGKILL)
        elif os.getppid() == host:
            os.kill(host, signal.SIGKILL)
    finally:
        os._exit(0)
