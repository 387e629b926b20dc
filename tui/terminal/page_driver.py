"""Textual's driver for a page in a browser, with rolescope's input parser."""

from __future__ import annotations

import asyncio
import signal
from codecs import getincrementaldecoder

from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver, _ExitInput

from tui.terminal.driver import LARGEST_SIZE, DropLog
from tui.terminal.input import InputParser


class PageDriver(WebDriver):
    """The driver for a page of `rolescope serve`."""

    def start_application_mode(self) -> None:
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        super().start_application_mode()
        for number, handler in handlers.items():  # the handlers of `tui.terminal.ending`
            asyncio.get_running_loop().remove_signal_handler(number)
            signal.signal(number, handler)

    def run_input_thread(self) -> None:
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser = InputParser()
        dropped = DropLog(parser)
        stream = ByteStream()
        try:
            for data in self._input_reader:
                for kind, payload in stream.feed(data) if data else ():
                    if kind == "D":
                        for message in parser.feed(decode(payload)):
                            self.process_message(message)
                    else:
                        self._on_meta(kind, payload)
                for message in parser.tick():
                    self.process_message(message)
                dropped.look()
        except _ExitInput:
            pass
        finally:
            dropped.look(at_end=True)
            self._input_reader.close()

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        if packet_type == "resize":
            sizes = payload.get("width"), payload.get("height")
            if not all(
                isinstance(size, int) and 0 < size <= most for size, most in zip(sizes, LARGEST_SIZE, strict=True)
            ):
                return
        super().on_meta(packet_type, payload)
