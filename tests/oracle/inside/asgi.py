"""An ASGI application around the case's, that tells the moments which only the server knows."""
import asyncio
import threading

import anyio


class Watched:
    def __init__(self, app, tell):
        self.app, self.tell = app, tell

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope.get("path") == "/-/unpin":
            await self.unpin(send)
        elif scope["type"] == "http":
            await self.http(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def http(self, scope, receive, send):
        async def watched(message):
            if message["type"] == "http.response.start":
                self.tell("response started")
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            self.tell("request over")

    async def unpin(self, send):
        """Gives each worker thread another job: an idle one still refers to its last, with arguments and all."""
        meeting = threading.Barrier(10)
        await asyncio.gather(*(anyio.to_thread.run_sync(meeting.wait, 1) for _ in range(10)), return_exceptions=True)
        await send({"type": "http.response.start", "status": 204, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
