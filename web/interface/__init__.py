"""The words of the interface in the reader's language; documents are always shown in their own.

`Interface` is called `say` where it is used: `say("Open source")`, `say.count("{n} page", "{n} pages", 3)`.
What other packages tell, a refusal say, is a Told: `say.told(error.told)`. English stands in the code; `ko.po` and
`ru.po` hold the translations, in the format that translators' tools read.
"""

from __future__ import annotations

import gettext
import re
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from ingest.told import LocalPath, Told, Value

FOLDER = Path(__file__).parent
NAMES = {"en": "English", "ko": "한국어", "ru": "Русский"}  # as their own readers call them
ENGLISH = "en"
_OPENING_VALUE = re.compile(r"\{(\w+)\}")


class Interface:
    """The words of one language. Raises KeyError for a language that is not in NAMES."""

    def __init__(self, language: str = ENGLISH) -> None:
        self.name = NAMES[language]
        self.language = language
        self._locale = Locale.parse(language)
        self._translations = _translations(language)

    def __call__(self, message: str, /, **values: object) -> str:
        """The message in this language, with `{names}` in it replaced."""
        said = self._translations.gettext(message)
        return said.format(**values) if values else said

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """The form that goes with the number, which stands in it as `{n}`: "1 page", "1,204 pages"."""
        return self._translations.ngettext(one, many, number).format(n=self.number(number), **values)

    def told(self, told: Value) -> str:
        """What ingest, index or qa tell, in this language; a text that is not Told is shown as it is.

        Of a path on this machine the last part alone is told: where it lies is not for who asks over the web.
        """
        if isinstance(told, Told):
            here = self._translations
            if told.many:
                return told.filled(here.ngettext(told.sentence, told.many, told.number), self.told)
            return told.filled(here.gettext(told.sentence), self.told)
        if isinstance(told, str):
            return told.name if isinstance(told, LocalPath) else told
        return self.number(told) if isinstance(told, int) else ", ".join(map(self.told, told))

    def begins_with_own_word(self, told: Value) -> bool:
        """Whether `told` begins with a word of its sentence, and not with a name or a quotation put into it.

        A text that is not Told is a sentence as it stands.
        """
        if not isinstance(told, Told):
            return True
        here = self._translations
        sentence = (
            here.ngettext(told.sentence, told.many, told.number) if told.many else here.gettext(told.sentence)
        )
        first = _OPENING_VALUE.match(sentence)
        if first is None:
            return True
        value = told.values.get(first[1])
        return isinstance(value, Told) and self.begins_with_own_word(value)

    def number(self, number: float) -> str:
        """ "1,204" in English, "1 204" in Russian."""
        return str(format_decimal(number, locale=self._locale))

    def language_of(self, code: str) -> str:
        """ "ko" → "Korean"; a code that has no name stands for itself."""
        name = self._locale.languages.get(code)
        return name[:1].upper() + name[1:] if name else code.upper()

    @property
    def home(self) -> str:
        """The path of the page in this language."""
        return "/" if self.language == ENGLISH else f"/{self.language}/"


def without_language(path: str) -> str:
    """A path of the page in any language as it is in English: "/ko/config" → "/config"."""
    first, _, rest = path.removeprefix("/").partition("/")
    return f"/{rest}" if first in NAMES and first != ENGLISH else path


@cache
def _translations(language: str) -> gettext.NullTranslations:
    if language == ENGLISH:
        return gettext.NullTranslations()
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalog = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
