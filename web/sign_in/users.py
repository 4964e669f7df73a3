"""Who asks: put into the request by the middleware, read by the functions that change the library."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr
from starlette.types import Scope

from ingest.errors import VerbatimError
from ingest.told import Told
from web.accounts.account_file import Role


class EditorNeeded(VerbatimError):
    """Somebody who may only read asked for a change."""


@dataclass(frozen=True, slots=True)
class User:
    """Who asks; without a name the one user of an app that nobody signs in to."""

    name: str
    role: Role

    @property
    def may_edit(self) -> bool:
        return self.role == "editor"


def with_user(scope: Scope, user: User) -> Scope:
    """The scope of a request, with its user in `request.state`."""
    return {**scope, "state": {**scope.get("state", {}), "user": user}}


def user_of(request: gr.Request) -> User | None:
    """The user that the middleware found; None where it did not run."""
    user = getattr(getattr(request, "state", None), "user", None)
    return user if isinstance(user, User) else None


def may_edit(request: gr.Request) -> bool:
    user = user_of(request)
    return user is not None and user.may_edit


def require_editor(request: gr.Request) -> None:
    """To be called first in every function that changes the library. Raises EditorNeeded."""
    if not may_edit(request):
        user = user_of(request)
        if user is None:
            raise EditorNeeded(
                Told(
                    "who has not signed in may read this library and not change it. "
                    "Ask one of its editors to make the change"
                )
            )
        raise EditorNeeded(
            Told(
                "the account {name} may read this library and not change it. "
                "Ask one of its editors to make the change",
                name=repr(user.name),
            )
        )
