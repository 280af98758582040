"""A visitor without a browser: Streamlit's own messages over the websocket.

So many visitors can be played on two cores, and what is measured is the server alone.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

_XSRF: Final = "_streamlit_xsrf"
_PATIENCE: Final = 600.0
_LARGEST: Final = 2**30


@dataclass
class Visitor:
    """One session of the app.

    Attributes
    ----------
    address : str
        Of the app, with the slash at its end.
    page : str
        Page of the app: empty for the map, ``data``.
    texts : list of str
        Bodies of alerts and headings that the last run sent.
    """

    address: str
    page: str = ""
    texts: list[str] = field(default_factory=list)
    _session: str = ""
    _widgets: dict[str, Any] = field(default_factory=dict)
    _states: dict[str, WidgetState] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._web = requests.Session()
        self._web.get(f"{self.address}_stcore/health", timeout=30)
        self._socket: ClientConnection = connect(
            self.address.replace("http", "ws", 1) + "_stcore/stream",
            origin=self.address.rstrip("/"),
            subprotocols=["streamlit", self._web.cookies[_XSRF]],
            additional_headers={"Cookie": f"{_XSRF}={self._web.cookies[_XSRF]}"},
            max_size=_LARGEST,
        )

    def close(self) -> None:
        """Leave."""
        self._socket.close()

    def run(self, query: str = "") -> float:
        """Ask for a run with the parameters of a URL; return its seconds until it is finished."""
        begin = time.perf_counter()
        self.ask(query)
        self.wait()
        return time.perf_counter() - begin

    def ask(self, query: str = "") -> None:
        """Ask for a run and do not wait."""
        message = BackMsg()
        script = message.rerun_script
        script.query_string = query
        script.page_name = self.page
        script.context_info.url = self.address + self.page
        script.widget_states.widgets.extend(self._states.values())
        self._send(message)

    def wait(self) -> None:
        """Wait until a run is finished."""
        self.texts.clear()
        while True:
            message = self._receive()
            if message.WhichOneof("type") == "script_finished":
                return

    def upload(self, label: str, name: str, data: bytes) -> None:
        """Give a file to the uploader whose label begins so; the next run has it."""
        widget = next(text for text in self._widgets if text.startswith(label))
        asked = BackMsg()
        asked.file_urls_request.request_id = uuid.uuid4().hex
        asked.file_urls_request.session_id = self._session
        asked.file_urls_request.file_names.append(name)
        self._send(asked)
        while True:
            message = self._receive()
            if message.WhichOneof("type") == "file_urls_response":
                break
        urls = message.file_urls_response.file_urls[0]
        host = urlsplit(self.address)
        answer = self._web.put(
            f"{host.scheme}://{host.netloc}/{urls.upload_url.lstrip('/')}",
            files={"file": (name, data)},
            headers={"X-Xsrftoken": self._web.cookies[_XSRF], "Origin": self.address.rstrip("/")},
            timeout=_PATIENCE,
        )
        answer.raise_for_status()
        state = WidgetState(id=self._widgets[widget])
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.file_id, info.name, info.size = urls.file_id, name, len(data)
        info.file_urls.CopyFrom(urls)
        self._states[state.id] = state

    def _send(self, message: BackMsg) -> None:
        self._socket.send(message.SerializeToString())

    def _receive(self) -> ForwardMsg:
        message = ForwardMsg()
        message.ParseFromString(bytes(self._socket.recv(timeout=_PATIENCE)))
        self._note(message)
        return message

    def _note(self, message: ForwardMsg) -> None:
        """Keep what is needed later: the session, the uploaders, what is said."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._session = message.new_session.initialize.session_id
        if kind != "delta":
            return
        element = message.delta.new_element
        match element.WhichOneof("type"):
            case "file_uploader":
                self._widgets[element.file_uploader.label] = element.file_uploader.id
            case "alert":
                self.texts.append(element.alert.body)
            case "exception":
                self.texts.append(f"{element.exception.type}: {element.exception.message}")
            case "heading":
                self.texts.append(element.heading.body)
