"""Measuring by the commands of a user: what a command says when it fails is shown, and ends the measurement."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.quality import _report


def test_a_command_that_fails_is_heard_and_ends_the_measurement(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "nowhere.jsonl")
    with pytest.raises(SystemExit) as caught:
        _report("qa", "evaluate", "gold", missing)
    assert "failed with exit code 1" in str(caught.value.code) and missing in str(caught.value.code)
    assert capfd.readouterr().err.startswith(f"SourceMissing: {missing}")
