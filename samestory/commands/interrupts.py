"""Interrupts: Ctrl-C, SIGTERM and SIGHUP end a command in the same way, and only once."""

import signal
from types import FrameType

INTERRUPT_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def listen_for_interrupts() -> None:
    """Have the first of the signals raise KeyboardInterrupt with its number; one that is ignored (nohup) stays so."""
    for number in INTERRUPT_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _raise_interrupt)


def _raise_interrupt(number: int, frame: FrameType | None) -> None:
    for other in INTERRUPT_SIGNALS:
        signal.signal(other, signal.SIG_IGN)  # what follows only cleans up
    raise KeyboardInterrupt(number)
