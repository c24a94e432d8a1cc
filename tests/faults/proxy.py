"""A proxy between two processes that cuts, delays and refuses on command. One thread, no buffers of its own."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

from tests.faults.node import free_port

CHUNK = 65_536


class Proxy:
    """Listens on `port`, hands everything on to `target` on the loopback."""

    def __init__(self, target: int) -> None:
        """Starts at once."""
        self.port = free_port()
        self.target = target
        self.delay = 0.0
        self.is_refusing = False
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._open = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._is_up = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._is_up.wait(10)

    @property
    def connections(self) -> int:
        """How many there are now."""
        return len(self._pairs)

    def cut(self) -> int:
        """Break every connection now, as a pulled cable that is noticed; how many there were."""
        done = asyncio.run_coroutine_threadsafe(self._cut(), self._loop)
        return done.result(10)

    def hold(self) -> None:
        """Bytes go no further, connections stay: half open, as a router that lost its table."""
        self._loop.call_soon_threadsafe(self._open.clear)

    def let_go(self) -> None:
        """On with what was held."""
        self._loop.call_soon_threadsafe(self._open.set)

    def close(self) -> None:
        """End it."""
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._open.set()
        self._loop.run_until_complete(asyncio.start_server(self._one, "127.0.0.1", self.port))
        self._is_up.set()
        self._loop.run_forever()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_refusing:
            writer.transport.abort()
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, back)
        self._pairs.add(pair)
        try:
            ways = [asyncio.ensure_future(self._pump(reader, back)), asyncio.ensure_future(self._pump(there, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
        finally:
            self._pairs.discard(pair)
            for end in pair:
                with suppress(OSError, RuntimeError):
                    end.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await source.read(CHUNK):
                await self._open.wait()
                if self.delay:
                    await asyncio.sleep(self.delay)
                sink.write(chunk)
                await sink.drain()

    async def _cut(self) -> int:
        pairs = list(self._pairs)
        for pair in pairs:
            for end in pair:
                end.transport.abort()
        return len(pairs)
