"""Interrupts: Ctrl-C, SIGTERM and SIGHUP end a command in the same way, and only once."""

import os
import signal
import sys
from threading import Timer
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

INTERRUPT_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
RAISE_AGAIN_SECONDS = 0.05  # by which a destructor has ended


def listen_for_interrupts() -> None:
    """Have the first of the signals raise KeyboardInterrupt with its number; one that is ignored (nohup) stays so."""
    for number in INTERRUPT_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _raise_interrupt)
    sys.unraisablehook = _raise_lost_interrupt


def _raise_interrupt(number: int, frame: FrameType | None) -> None:
    for other in INTERRUPT_SIGNALS:
        signal.signal(other, signal.SIG_IGN)  # what follows only cleans up
    raise KeyboardInterrupt(number)


def _raise_lost_interrupt(lost: "UnraisableHookArgs") -> None:
    """Raise an interrupt again that met a destructor, where Python drops it; print whatever else is dropped there."""
    if not isinstance(lost.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    number = lost.exc_value.args[0] if lost.exc_value.args else signal.SIGINT
    signal.signal(number, _raise_interrupt)
    Timer(RAISE_AGAIN_SECONDS, os.kill, (os.getpid(), number)).start()
