"""What the app answers, as it is handed to the server: whole when it is in memory anyway, else as it is read."""

import pytest

from citizen_portal.front.calls import KNOWN_BYTES, WHOLE_BYTES, Call


def call_of(pieces, *headers):
    def app(_environ, start_response):
        start_response("200 OK", list(headers))
        return pieces

    return Call(app, {})


def with_length(length):
    return "Content-Length", str(length)


@pytest.mark.parametrize("length", [0, 1, WHOLE_BYTES, WHOLE_BYTES + 1, KNOWN_BYTES])
def test_a_page_that_knows_its_length_is_handed_over_whole(length):
    answer = call_of([b"x" * length], with_length(length)).begin()
    assert answer.pieces is None
    assert len(answer.first) == length


def test_a_file_that_is_made_while_it_is_read_is_handed_over_in_pieces_and_none_is_lost():
    made = [bytes([number]) * 50_000 for number in range(20)]
    answer = call_of(iter(made)).begin()
    assert WHOLE_BYTES < len(answer.first) < 2 * WHOLE_BYTES
    assert answer.first + b"".join(iter(answer.more, b"")) == b"".join(made)


def test_a_length_that_is_too_much_for_the_memory_makes_no_difference():
    made = [b"x" * WHOLE_BYTES] * 3
    assert call_of(iter(made), with_length(KNOWN_BYTES + 1)).begin().pieces is not None


def test_what_an_answer_is_made_from_is_let_go_of_when_it_is_whole_and_when_it_breaks():
    closed = []

    class Pieces:
        def __init__(self, *said):
            self.said = iter(said)

        def __iter__(self):
            return self

        def __next__(self):
            piece = next(self.said)
            if piece is None:
                raise OSError("the disk broke")
            return piece

        def close(self):
            closed.append(self)

    call_of(Pieces(b"a", b"b")).begin()
    with pytest.raises(OSError, match="the disk broke"):
        call_of(Pieces(b"a", None)).begin()
    assert len(closed) == 2
