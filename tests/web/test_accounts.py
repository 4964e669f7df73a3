"""The file of accounts: written whole and kept from others, read anew when it changes, checked without a hurry."""

from __future__ import annotations

import io
import json
import os
import stat
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from filelock import FileLock

from web.accounts import account_file, passwords
from web.accounts.__main__ import main
from web.accounts.account_file import Account, changing, checked_name, read_accounts
from web.accounts.accounts import Accounts
from web.accounts.errors import (
    AccountsDamaged,
    AccountsLocked,
    AccountsMissing,
    AccountsUnreadable,
    AccountsUnwritable,
    UnusableName,
    UnusablePassword,
)
from web.accounts.passwords import Passwords, is_hash

QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
PASSWORD = "the heron stands still"
HASH = QUICK.hash(PASSWORD)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.jsonl"


@pytest.fixture
def filled(path: Path) -> Path:
    """A file with an editor and a reader."""
    with changing(path) as accounts:
        accounts["anna"] = Account("anna", "editor", HASH)
        accounts["보라"] = Account("보라", "reader", QUICK.hash("другой пароль здесь"))
    return path


class CountingPasswords(Passwords):
    """Remembers which hashes were worked on."""

    def __init__(self) -> None:
        super().__init__(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.verified: list[str] = []

    def verify(self, password_hash: str, password: str) -> bool:
        self.verified.append(password_hash)
        return super().verify(password_hash, password)


# Passwords


def test_a_hash_is_argon2id_at_full_strength_and_never_the_same() -> None:
    first, second = Passwords().hash(PASSWORD), Passwords().hash(PASSWORD)
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second
    assert Passwords().verify(first, PASSWORD)
    assert not Passwords().verify(first, PASSWORD + "!")
    assert PASSWORD not in first


def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    composed = "한국어 비밀번호 йод 12"
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert QUICK.verify(QUICK.hash(composed), decomposed)
    assert QUICK.verify(QUICK.hash(decomposed), composed)


@pytest.mark.parametrize("password", ["", "x" * (passwords.SHORTEST - 1), "x" * (passwords.LONGEST + 1)])
def test_passwords_too_short_or_too_long_are_refused(password: str) -> None:
    with pytest.raises(UnusablePassword, match=f"has {len(password):,}"):
        QUICK.hash(password)


@pytest.mark.parametrize(
    "text",
    [
        "",
        PASSWORD,
        "$2b$12$abcdefghijklmnopqrstuv",
        HASH.replace("argon2id", "argon2i"),
        "$argon2id$v=19$m=x,t=3,p=4$a$b",
        "$argon2id$",
    ],
)
def test_what_is_no_argon2id_hash_is_known(text: str) -> None:
    assert not is_hash(text)
    assert is_hash(HASH)


# The file


def test_what_was_written_is_read(filled: Path) -> None:
    accounts = read_accounts(filled)
    assert list(accounts) == ["anna", "보라"]
    assert accounts["anna"] == Account("anna", "editor", HASH)
    lines = [json.loads(line) for line in filled.read_text(encoding="utf-8").splitlines()]
    assert lines[0] == {"name": "anna", "role": "editor", "hash": HASH}
    assert HASH not in repr(accounts["anna"])


def test_only_the_owner_may_read_the_file(path: Path) -> None:
    before = os.umask(0)
    try:
        for _ in range(2):  # made, and replaced
            with changing(path) as accounts:
                accounts["anna"] = Account("anna", "editor", HASH)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            path.chmod(0o644)
    finally:
        os.umask(before)


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, False), (0o644, True), (0o660, True)])
def test_a_file_open_to_others_is_warned_of(
    filled: Path, mode: int, warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    filled.chmod(mode)
    read_accounts(filled)
    assert (f"chmod 600 {filled}" in caplog.text) is warned


def line(**changes: object) -> str:
    return json.dumps({"name": "eve", "role": "reader", "hash": HASH, **changes})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not json", "it is not JSON"),
        ("[" * 100_000, "line 3"),
        ('"text"', "no object of name, role and hash"),
        ('{"name": "eve", "role": "reader"}', "no object of name, role and hash"),
        (line(more=1), "no object of name, role and hash"),
        (line(name=7), "not all text"),
        (line(name="a:b"), "cannot be a name"),
        (line(role="owner"), "the role is 'owner', and not reader or editor"),
        (line(hash="open sesame, please"), "the hash is none of argon2id"),
        (line(name="anna"), "there is an account 'anna' before"),
    ],
)
def test_a_damaged_line_is_named_and_tells_no_hash(filled: Path, text: str, told: str) -> None:
    with filled.open("a", encoding="utf-8") as file:
        file.write(text)
    with pytest.raises(AccountsDamaged, match="line 3") as caught:
        read_accounts(filled)
    assert told in str(caught.value)
    assert "sesame" not in str(caught.value)
    assert HASH not in str(caught.value)


def test_bytes_that_are_no_text_are_refused(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AccountsDamaged, match="not UTF-8"):
        read_accounts(path)


def test_a_missing_file_and_a_folder_are_told_apart(path: Path, tmp_path: Path) -> None:
    with pytest.raises(AccountsMissing, match=r"python -m web\.accounts add NAME"):
        read_accounts(path)
    with pytest.raises(AccountsUnreadable, match="Is a directory"):
        read_accounts(tmp_path)


def test_a_change_that_fails_leaves_the_file_as_it_was(filled: Path) -> None:
    before = filled.read_bytes()
    with pytest.raises(RuntimeError), changing(filled) as accounts:
        accounts.clear()
        raise RuntimeError
    assert filled.read_bytes() == before
    with pytest.raises(AccountsUnwritable, match="cannot be written"), changing(filled / "x" / "y"):
        pass
    assert sorted(each.name for each in filled.parent.iterdir() if each.suffix == ".tmp") == []


def test_a_crash_while_writing_leaves_the_old_file(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = filled.read_bytes()

    def crash(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(account_file.os, "fsync", crash)
    with pytest.raises(AccountsUnwritable, match="No space left"), changing(filled) as accounts:
        accounts.clear()
    assert filled.read_bytes() == before
    assert not filled.with_name("accounts.jsonl.tmp").exists()


def test_a_link_stays_a_link(filled: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(filled)
    with changing(link) as accounts:
        del accounts["보라"]
    assert link.is_symlink()
    assert list(read_accounts(filled)) == ["anna"]


def test_two_do_not_write_at_once(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_file, "_SECONDS_TO_LOCK", 0)
    with (
        FileLock(f"{filled}.lock"),
        pytest.raises(AccountsLocked, match="another process"),
        changing(filled),
    ):
        pass


@pytest.mark.parametrize("name", ["", "a" * 65, "a:b", " anna", "anna\n", "an\u202ena", "a\x00", "\ud800"])
def test_names_that_mislead_or_cannot_be_sent_are_refused(name: str) -> None:
    with pytest.raises(UnusableName):
        checked_name(name)


def test_names_in_any_script_are_one_however_composed() -> None:
    assert checked_name(unicodedata.normalize("NFD", "Сергей 한")) == "Сергей 한"


# What the app asks


def test_a_right_password_opens_and_a_wrong_one_does_not(filled: Path) -> None:
    accounts = Accounts(filled, QUICK)
    account = accounts.check("anna", PASSWORD)
    assert account is not None
    assert account.role == "editor"
    assert accounts.check("anna", "the heron flies away") is None
    assert accounts.check("anna", "") is None
    assert accounts.check("보라", PASSWORD) is None
    assert accounts.check(unicodedata.normalize("NFD", "보라"), "другой пароль здесь") is not None


def test_an_unknown_name_costs_the_same_work(filled: Path) -> None:
    counting = CountingPasswords()
    accounts = Accounts(filled, counting)
    assert accounts.check("anna", "wrong and long enough") is None
    assert accounts.check("nobody", PASSWORD) is None
    assert accounts.check("", "") is None
    assert counting.verified[0] == HASH
    assert len(counting.verified) == 3
    decoys = set(counting.verified[1:])
    assert len(decoys) == 1
    assert decoys.pop().startswith("$argon2id$")


def test_the_file_is_read_once_and_again_when_it_changes(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[Path] = []

    def counted(path: Path) -> dict[str, Account]:
        reads.append(path)
        return read_accounts(path)

    monkeypatch.setattr("web.accounts.accounts.read_accounts", counted)
    accounts = Accounts(filled, QUICK)
    for _ in range(5):
        assert accounts.find("anna") is not None
    assert len(reads) == 1
    with changing(filled) as changed:
        del changed["anna"]
        changed["timur"] = Account("timur", "reader", HASH)
    assert accounts.find("anna") is None
    assert accounts.check("timur", PASSWORD) is not None
    assert len(reads) == 2


def test_nobody_gets_in_by_a_file_that_was_damaged_or_taken_away(filled: Path) -> None:
    accounts = Accounts(filled, QUICK)
    whole = filled.read_bytes()
    filled.write_bytes(whole[:-20])
    for _ in range(2):
        with pytest.raises(AccountsDamaged):
            accounts.check("anna", PASSWORD)
    filled.unlink()
    with pytest.raises(AccountsMissing):
        accounts.find("anna")
    filled.write_bytes(whole)
    assert accounts.check("anna", PASSWORD) is not None


def test_an_empty_file_is_no_beginning(path: Path) -> None:
    path.write_text("\n")
    with pytest.raises(AccountsMissing, match="holds no account"):
        Accounts(path, QUICK)


# The command line


@pytest.fixture
def run(path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs a command with `typed` as its standard input."""

    def run(*arguments: str, typed: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return main([*arguments, "--auth", str(path)])

    return run


def test_add_list_and_remove(run: Callable[..., int], path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("add", "anna", "--role", "editor", typed=PASSWORD + "\nanother line\n") == 0
    assert run("add", "보라", typed="другой пароль здесь") == 0
    assert capsys.readouterr().out == "added      anna (editor)\nadded      보라 (reader)\n"
    accounts = Accounts(path)
    assert accounts.check("anna", PASSWORD) is not None
    assert run("list") == 0
    assert capsys.readouterr().out == "editor     anna\nreader     보라\n"
    assert run("list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed == {"accounts": [{"name": "anna", "role": "editor"}, {"name": "보라", "role": "reader"}]}
    assert run("remove", "anna") == 0
    assert accounts.find("anna") is None
    assert list(read_accounts(path)) == ["보라"]


def test_a_taken_name_is_replaced_only_when_asked(
    run: Callable[..., int], path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("add", "anna", "--role", "editor", typed=PASSWORD) == 0
    assert run("add", "anna", typed="a new password here") == 1
    assert "AccountExists" in capsys.readouterr().err
    assert Accounts(path).check("anna", PASSWORD) is not None
    assert run("add", "anna", "--replace", typed="a new password here") == 0
    account = Accounts(path).check("anna", "a new password here")
    assert account is not None
    assert account.role == "reader"
    assert Accounts(path).check("anna", PASSWORD) is None


@pytest.mark.parametrize(
    ("arguments", "typed", "error"),
    [
        (("add", "anna"), "short", "UnusablePassword"),
        (("add", "anna"), "", "UnusablePassword"),
        (("add", "a:b"), PASSWORD, "UnusableName"),
        (("add", "\x1b[31m"), PASSWORD, "UnusableName"),
        (("remove", "anna"), "", "AccountsMissing"),
        (("list",), "", "AccountsMissing"),
    ],
)
def test_refusals_are_told_and_nothing_is_made(
    run: Callable[..., int],
    path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    typed: str,
    error: str,
) -> None:
    assert run(*arguments, typed=typed) == 1
    told = capsys.readouterr()
    assert told.err.startswith(f"{error}: ")
    assert "\x1b" not in told.err + told.out
    assert not path.exists()


def test_nobody_unknown_is_removed(
    run: Callable[..., int], filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = filled.read_bytes()
    assert run("remove", "nobody") == 1
    assert "UnknownAccount" in capsys.readouterr().err
    assert filled.read_bytes() == before


@pytest.mark.parametrize(("again", "code"), [(PASSWORD, 0), (PASSWORD + "!", 1)])
def test_on_a_terminal_the_password_is_asked_for_twice(
    path: Path, monkeypatch: pytest.MonkeyPatch, again: str, code: int
) -> None:
    typed = iter([PASSWORD, again])
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(
        "web.accounts.__main__.getpass", lambda prompt: (asked.append(prompt), next(typed))[1]
    )
    assert main(["add", "anna", "--auth", str(path)]) == code
    assert asked == ["Password for anna: ", "The same again: "]
    assert path.exists() is (code == 0)


def test_the_file_may_be_named_by_the_environment_and_must_be_named(
    filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VERBATIM_AUTH", str(filled))
    assert main(["list"]) == 0
    assert "anna" in capsys.readouterr().out
    monkeypatch.delenv("VERBATIM_AUTH")
    with pytest.raises(SystemExit):
        main(["list"])
    assert "--auth FILE" in capsys.readouterr().err
