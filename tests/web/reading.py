"""A page as somebody reads it: its words, where its links lead, its forms, and the mistakes it names."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

from django.http import HttpResponse

_UNSEEN = {"script", "style", "svg"}


@dataclass
class Page:
    """``links``: words to address, the first of each. ``forms``: action to the names of its controls with the values
    they start with. ``mistakes``: message to the id that the summary's link leads to."""

    status: int
    title: str = ""
    text: str = ""
    ids: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    forms: dict[str, dict[str, str]] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, response: HttpResponse) -> Self:
        page = cls(response.status_code)
        _Reader(page).feed(response.content.decode())
        page.text = " ".join(page.text.split())
        return page


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.open: list[str] = []
        self.form: dict[str, str] | None = None
        self.link: tuple[str, str] | None = None
        self.in_summary = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag not in {"input", "meta", "link", "br", "img", "line", "rect"}:
            self.open.append(tag)
        if tag == "br":
            self.handle_data(" ")
        if "id" in said:
            self.page.ids.append(said["id"])
        if tag == "ul" and "govuk-error-summary__list" in said.get("class", ""):
            self.in_summary = True
        if tag == "a":
            self.link = (said.get("href", ""), "")
        if tag == "form":
            self.form = self.page.forms.setdefault(said.get("action", ""), {})
        if tag in {"input", "select", "textarea"} and self.form is not None and "name" in said:
            self.form.setdefault(said["name"], said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass
        if tag == "a" and self.link is not None:
            address, words = self.link[0], " ".join(self.link[1].split())
            self.page.links.setdefault(words, address)
            if self.in_summary:
                self.page.mistakes[words] = address.removeprefix("#")
            self.link = None
        if tag == "form":
            self.form = None
        if tag == "ul":
            self.in_summary = False
        self.page.text += " "

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.page.title += data
        elif _UNSEEN.isdisjoint(self.open):
            self.page.text += data
            if self.link is not None:
                self.link = (self.link[0], self.link[1] + data)
