"""A question at the door: what came in goes out on one line, or is refused."""

from __future__ import annotations

from qa.errors import QUESTION_LIMIT, EmptyQuestion, QuestionTooLong


def checked_question(question: str) -> str:
    """The question with single spaces and none around it. Raises EmptyQuestion, QuestionTooLong."""
    question = " ".join(question.split())
    if not question:
        raise EmptyQuestion
    if len(question) > QUESTION_LIMIT:
        raise QuestionTooLong(len(question))
    return question
