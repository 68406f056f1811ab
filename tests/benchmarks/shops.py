"""The shops that are compared: where each has the same operations, and how one signs in."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks.browsing import Answer, Browser
from tests.benchmarks.databases import OWNER
from tests.benchmarks.samples import PAGE_SIZE, Sample
from tests.making import PASSWORD, changed

Operation = Callable[[], Answer]
COLUMNS = ("name", "status", "category", "price", "stock", "brand", "slug", "updated_at")


class Shop(ABC):
    """A shop that answers, seen by somebody who signed in. row: what each row of a list has once."""

    name: str
    row: bytes
    list_path: str
    title_field: str

    def __init__(self, address: str, sample: Sample) -> None:
        self.browser = Browser(address)
        self.sample = sample
        self.sign_in()

    @abstractmethod
    def sign_in(self) -> None: ...

    @abstractmethod
    def list_address(self, **asked: str | int) -> str:
        """asked: search, sort, status, category, page (from 1)."""

    @property
    @abstractmethod
    def form_address(self) -> str: ...

    def get_list(self, **asked: str | int) -> Operation:
        path = self.list_address(**asked)
        return lambda: self.browser.get(path)

    def next_page(self, _number: int) -> Operation | None:
        """The page with a number as one comes to it from the page before; None where it is no other than by number."""
        return None

    def last_page(self) -> Operation:
        return self.get_list(page=-(-self.sample.products // PAGE_SIZE))

    def rows_of(self, answer: Answer) -> int:
        return answer.body.count(self.row)

    def open_form(self) -> Answer:
        return self.browser.get(self.form_address)

    def save_form(self) -> Answer:
        """Open the form, send it with another title, and see that it was kept; only the sending is timed."""
        which, name = f"[name='{self.title_field}']", self.title_field
        values = self.browser.open_form(self.form_address, which)
        # Two runs on the same database must not save the same words.
        title = f"{self.name} {secrets.token_hex(4)}"
        answer = self.browser.post(self.form_address, changed(values, {name: title}))
        assert self.browser.open_form(self.form_address, which)[name] == title, f"{self.name} did not keep {title}."
        return answer


class Ours(Shop):
    name = "ours"
    row = b'name="rowid"'
    list_path = "/admin/product/"
    title_field = "seo_title"

    def sign_in(self) -> None:
        answer = self.browser.send_form("/login", "#email", email=OWNER, password=PASSWORD)
        assert answer.status in (302, 303), answer.status

    def list_address(self, **asked: str | int) -> str:
        pairs = [("page_size", PAGE_SIZE), *(("columns", name) for name in COLUMNS), *asked.items()]
        return f"{self.list_path}?{urlencode(pairs)}"

    @property
    def form_address(self) -> str:
        return f"{self.list_path}edit/?id={self.sample.product_id}"

    def next_page(self, number: int) -> Operation | None:
        before = self.browser.get(self.list_address(page=number - 1))
        link = before.page.select_one("nav.pager a[href*='after=']")
        assert link is not None, f"Page {number - 1} leads to no next one."
        path = f"{self.list_path}{link['href']}"
        return lambda: self.browser.get(path)

    def last_page(self) -> Operation:
        return self.get_list(before="end")


class StockFlaskAdmin(Shop):
    name = "flask-admin"
    row = b'name="rowid"'
    list_path = "/admin/product/"
    title_field = "seo_title"

    parameters = {"search": "search", "status": "flt0_status_equals", "category": "flt1_category_name_equals"}

    def sign_in(self) -> None:
        """Stock Flask-Admin asks nobody who they are."""

    def list_address(self, **asked: str | int) -> str:
        pairs: dict[str, Any] = {"sort": 0} if "sort" in asked else {}
        pairs |= {self.parameters[name]: value for name, value in asked.items() if name in self.parameters}
        if "category" in asked:
            pairs |= {self.parameters["category"]: self.sample.category}
        if "page" in asked:
            pairs |= {"page": int(asked["page"]) - 1}
        return f"{self.list_path}?{urlencode(pairs)}"

    @property
    def form_address(self) -> str:
        return f"{self.list_path}edit/?id={self.sample.product_id}"


class DjangoAdmin(Shop):
    name = "django"
    row = b'name="_selected_action"'
    list_path = "/admin/shop/product/"
    title_field = "seo_title"
    parameters = {"search": "q", "status": "status__exact", "category": "category__id__exact", "page": "p"}

    def sign_in(self) -> None:
        path = "/admin/login/?next=/admin/"
        answer = self.browser.send_form(path, "[name='username']", username="owner", password=PASSWORD)
        assert answer.status == 302, answer.status

    def list_address(self, **asked: str | int) -> str:
        pairs: dict[str, Any] = {"o": 1} if "sort" in asked else {}
        pairs |= {self.parameters[name]: value for name, value in asked.items() if name != "sort"}
        return f"{self.list_path}?{urlencode(pairs)}"

    @property
    def form_address(self) -> str:
        return f"{self.list_path}{self.sample.product_id}/change/"
