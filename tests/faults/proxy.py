# SPDX-License-Identifier: Apache-2.0
"""A proxy before a server's Unix socket that loses a connection at the worst moment: when COMMIT has been sent, and before the
answer comes."""

import socket
import tempfile
import threading
import shutil
from pathlib import Path

SOCKET = ".s.PGSQL.5432"


class Proxy:
    """`mark` is what it waits for in what the client sends. `is_done`: the server gets it, and its answer is lost; otherwise the
    server never sees it. `then_away`: afterwards nobody is let in any more."""

    def __init__(self, server_folder, mark, is_done, then_away=False):
        self._server = str(Path(server_folder) / SOCKET)
        self._mark, self._is_done, self._then_away = mark, is_done, then_away
        self.folder = Path(tempfile.mkdtemp(prefix="pgr-px-", dir="/tmp"))
        self.lost = threading.Event()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.folder / SOCKET))
        self._listener.listen(16)
        self._open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._end(self._listener, *self._open)
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def _end(*sockets):
        for one in sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.lost.is_set() and self._then_away:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self._server)
            except OSError:  # it is starting again
                client.close()
                continue
            self._open += [client, server]
            is_sent = threading.Event()
            threading.Thread(target=self._upwards, args=(client, server, is_sent), daemon=True).start()
            threading.Thread(target=self._downwards, args=(client, server, is_sent), daemon=True).start()

    def _upwards(self, client, server, is_sent):
        seen = b""
        try:
            while data := client.recv(65536):
                seen = (seen + data)[-100_000:]
                if self._mark in seen and not self.lost.is_set():
                    if not self._is_done:
                        self.lost.set()
                        break
                    is_sent.set()
                server.sendall(data)
        except OSError:
            pass
        self._end(client, server)

    def _downwards(self, client, server, is_sent):
        said = b""
        try:
            while data := server.recv(65536):
                if is_sent.is_set():
                    said += data
                    if b"C\x00\x00\x00\x0bCOMMIT\x00" in said:  # CommandComplete
                        self.lost.set()
                        break
                    continue
                client.sendall(data)
        except OSError:
            pass
        self._end(client, server)
