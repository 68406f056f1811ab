"""A browser without a screen: one kept connection, its cookies, and how long each answer took."""

import http.client
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict

from tests.making import changed, form_values

TOO_LONG_SECONDS = 20
# What is broken off by the server itself still has to reach us.
PATIENCE_SECONDS = TOO_LONG_SECONDS + 5
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class TooSlow(Exception):
    """An answer took longer than anybody waits."""


@dataclass(frozen=True)
class Answer:
    """milliseconds: from the first byte of the request to the last one of the answer."""

    status: int
    body: bytes
    location: str
    milliseconds: float

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self.body, "html.parser")


class Browser:
    def __init__(self, address: str) -> None:
        self.address = address
        self._cookies: dict[str, str] = {}
        self._connection = self._connect()

    def _connect(self) -> http.client.HTTPConnection:
        where = urlsplit(self.address)
        return http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE_SECONDS)

    def signed_in_as(self, other: "Browser") -> "Browser":
        self._cookies = dict(other._cookies)
        return self

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, values: MultiDict[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(list(values.items(multi=True))).encode(), FORM)

    def open_form(self, path: str, which: str) -> MultiDict[str, str]:
        """What the form of a page would send as it stands. which: the selector of one of its fields."""
        answer = self.get(path)
        field = answer.page.select_one(which)
        if field is None:
            raise AssertionError(f"{path} answered {answer.status} without {which}.")
        return form_values(field.find_parent("form"))

    def send_form(self, path: str, which: str, **changes: str) -> Answer:
        return self.post(path, changed(self.open_form(path, which), changes))

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None) -> Answer:
        started = time.perf_counter()
        try:
            # Without the header that Python adds by itself: nobody is asked to compress.
            self._connection.putrequest(method, urlsplit(path)._replace(scheme="", netloc="").geturl(), False, True)
            for name, value in self._headers(body, more).items():
                self._connection.putheader(name, value)
            self._connection.endheaders(body)
            response = self._connection.getresponse()
            content = response.read()
        except TimeoutError:
            self._connection.close()
            raise TooSlow(path) from None
        took = (time.perf_counter() - started) * 1000
        for header in response.headers.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name] = value
        if took > TOO_LONG_SECONDS * 1000:
            raise TooSlow(path)
        location = urljoin(path, response.headers.get("Location", ""))
        return Answer(response.status, content, location, took)

    def _headers(self, body: bytes | None, more: dict[str, str] | None) -> dict[str, str]:
        headers = {"Accept": "text/html", **(more or {})}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if body is not None:
            headers["Content-Length"] = str(len(body))
        return headers
