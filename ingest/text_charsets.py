"""The charsets in which servers send text, and the codec that reads each.

In: a label as a header gives it. Out: the name of Python's codec. Python calls other things codecs too:
some (Punycode) take hours for a megabyte, some (Base64) give no text.
"""

from __future__ import annotations

import codecs

# Those of encoding.spec.whatwg.org, and what else the region's servers send; by Python's names.
_CHARSETS = frozenset(
    (
        *("ascii", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
        *(f"iso8859-{part}" for part in range(1, 17) if part != 12),
        *(f"cp125{page}" for page in range(9)),
        *("koi8-r", "koi8-u", "koi8-t", "cp866", "cp855", "mac-cyrillic", "mac-roman", "cp874", "tis-620"),
        *("kz1048", "ptcp154", "euc_kr", "cp949", "johab", "iso2022_kr", "gb2312", "gbk", "gb18030", "hz"),
        *("big5", "big5hkscs", "cp950", "shift_jis", "cp932", "euc_jp", "iso2022_jp"),
    )
)
# What a label means on the web, where Python takes it narrowly.
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "euc_kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030"}
_WIDER |= {"shift_jis": "cp932", "iso8859-9": "cp1254", "utf-16": "utf-16-le"}


def python_codec(label: str) -> str:
    """The codec for a charset's label, as the web means it; "" for what is no charset of texts."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):  # ValueError: a zero byte in it
        return ""
    return _WIDER.get(name, name) if name in _CHARSETS else ""
