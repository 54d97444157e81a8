"""What follows a write: done once it is committed, and no concern of whoever wrote."""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import ParamSpec

from django.db import transaction

P = ParamSpec("P")


def after_commit(do: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call `do` when the transaction has committed; if it fails, that is logged and what was written stands.

    Django names the function when it logs such a failure, which a bare `partial` does not survive.
    """
    transaction.on_commit(update_wrapper(partial(do, *args, **kwargs), do), robust=True)
