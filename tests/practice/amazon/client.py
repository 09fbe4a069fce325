"""The plainest of clients for practice Amazon, and a clock that is set by hand."""

from datetime import datetime, timedelta
from typing import Any

import requests

from tieout.practice.amazon import PracticeAmazon


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: int) -> None:
        self.at += timedelta(**span)


class PlainClient:
    """Sends requests with a token of its own; nothing is retried, nothing hidden."""

    def __init__(self, amazon: PracticeAmazon, clock: HandClock) -> None:
        self.amazon, self.clock = amazon, clock
        self.connection = amazon.connection()
        self.session = requests.Session()
        self.token = ""

    def form(self, **changes: str) -> dict[str, str]:
        names = ("client_id", "client_secret", "refresh_token")
        return {"grant_type": "refresh_token", **{name: self.connection[name] for name in names}, **changes}

    def sign_in(self) -> str:
        answer = self.session.post(self.connection["lwa"], data=self.form(), timeout=5)
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access_token"]
        return self.token

    def call(self, method: str, path: str, *, timeout: float = 5, **options: Any) -> requests.Response:
        if not self.token:
            self.sign_in()
        headers = {"x-amz-access-token": self.token}
        return self.session.request(
            method, self.connection["endpoint"] + path, headers=headers, timeout=timeout, **options
        )

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.call("GET", path, params=params)

    def moment(self, **back: int) -> str:
        """A time so long before the server's, in ISO form."""
        return (self.clock.at - timedelta(**back)).strftime("%Y-%m-%dT%H:%M:%SZ")
