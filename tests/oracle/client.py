"""A client on plain sockets: it can read slowly, go away in the middle, and hold a WebSocket open."""
import base64
import json
import os
import socket
import struct


class Answer:
    """An HTTP answer that is read only as far as somebody asks."""

    def __init__(self, port: int, request: str, small_buffer: bool = False):
        method, _, rest = request.partition(" ")
        path, _, body = rest.partition(" ")
        self.socket = socket.socket()
        if small_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 18)
        self.socket.settimeout(20)
        self.socket.connect(("127.0.0.1", port))
        head = [f"{method} {path} HTTP/1.1", "Host: case", "Connection: close"]
        if body:
            head += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
        self.socket.sendall("\r\n".join([*head, "", body]).encode())
        self.body = b""
        self.status = None

    def read_head(self) -> None:
        while b"\r\n\r\n" not in self.body:
            self.more(1024)
        head, _, self.body = self.body.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1])
        fields = dict(line.lower().split(": ", 1) for line in lines[1:])
        self.length = int(fields["content-length"]) if "content-length" in fields else None

    def more(self, size: int = 1 << 16) -> bytes:
        data = self.socket.recv(size)
        self.body += data
        if not data and self.status is None and b"\r\n\r\n" not in self.body:
            raise ConnectionError("no answer")
        return data

    @property
    def complete(self) -> bool:
        if self.length is not None:
            return len(self.body) >= self.length
        return self.body.endswith(b"0\r\n\r\n")

    def read_first(self) -> None:
        """The first piece of the body, if there is one."""
        if not self.body and not self.complete:
            self.more(1024)

    def read_rest(self) -> None:
        while not self.complete and self.more():
            pass

    def close(self) -> None:
        self.socket.close()


class WebSocket:
    def __init__(self, port: int, path: str):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=15)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {path} HTTP/1.1\r\nHost: case\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.file = self.socket.makefile("rb")
        status = self.file.readline()
        if b" 101 " not in status:
            raise ConnectionError(f"no WebSocket: {status!r}")
        while self.file.readline() not in (b"\r\n", b""):
            pass

    def send(self, text: str) -> None:
        self.frame(1, text.encode())

    def frame(self, kind: int, data: bytes) -> None:
        mask = os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
        self.socket.sendall(bytes([0x80 | kind]) + size + mask + masked)

    def receive(self) -> str | None:
        """The next text; None once the server has closed."""
        while True:
            head = self.file.read(2)
            if len(head) < 2 or head[0] & 15 == 8:
                return None
            size = head[1] & 127
            if size == 126:
                size = struct.unpack(">H", self.file.read(2))[0]
            data = self.file.read(size)
            if head[0] & 15 == 1:
                return data.decode()

    def close(self) -> None:
        try:
            self.frame(8, struct.pack(">H", 1000))
        except OSError:
            pass
        self.file.close()
        self.socket.close()


class SocketIo:
    """Just enough of Engine.IO 4 and Socket.IO 5 to connect, emit and wait for the acknowledgement."""

    def __init__(self, port: int):
        self.socket = WebSocket(port, "/socket.io/?EIO=4&transport=websocket")
        self.expect("0")
        self.socket.send("40")
        self.expect("40")

    def expect(self, start: str) -> str:
        while (text := self.socket.receive()) is not None:
            if text.startswith(start):
                return text
            if text == "2":
                self.socket.send("3")
        raise ConnectionError("Socket.IO: closed")

    def emit(self, step: str) -> None:
        event, _, data = step.partition(" ")
        arguments = [event] + ([json.loads(data)] if data else [])
        self.socket.send("420" + json.dumps(arguments))
        self.expect("430")

    def close(self) -> None:
        self.socket.close()
