"""Which reader reads: the name that a user gave becomes a Reader."""

from __future__ import annotations

from functools import lru_cache

from index.encoder import OpenVinoEncoder
from index.library import Library
from index.models import DEFAULT_MODEL
from qa.reader import PassageReader, Reader

BUILT_IN = "built-in"


def make_reader(name: str | None, library: Library) -> Reader:
    """The reader of this name for questions to `library`; without a name the built-in one, loaded once.

    Raises ModelMissing where there is no such model, ModelUnusable where it cannot read.
    """
    if name in (None, BUILT_IN):
        encoder = library.encoder
        if isinstance(encoder, OpenVinoEncoder) and encoder.model.name == DEFAULT_MODEL:
            return _built_in(encoder)
        return _built_in(None)
    from qa.models.hub import load_hub_model

    return PassageReader(load_hub_model(name))


@lru_cache(maxsize=1)  # an encoder that is no longer used must not be kept for its tokenizer
def _built_in(encoder: OpenVinoEncoder | None) -> Reader:
    """With the tokenizer of that encoder, which is its own: a second one would take 300 MB."""
    from qa.models.built_in import BuiltInReader

    return PassageReader(BuiltInReader(tokenizer=encoder.tokenizer if encoder else None))
