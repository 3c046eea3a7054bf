"""The telephone's position: used as exactly as it is known."""

import pytest

HERE = {"latitude": 59.5184, "longitude": 17.91}


@pytest.mark.parametrize(
    ("accuracy", "is_set", "said"),
    [(20, True, "En punkt är vald."), (300, True, "300 meter"), (3000, False, "3"), (50_000, False, "50")],
)
def test_a_position_is_used_as_exactly_as_the_telephone_knows_it(visitor, stored, accuracy, is_set, said):
    resident = visitor(geolocation={**HERE, "accuracy": accuracy}, permissions=["geolocation"])
    words = f"position known to {accuracy} metres"
    resident.open("/report")
    resident.choose("theme", "drugs")
    resident.write("description", words)
    resident.find("[data-position]").click()
    resident.find(".said", has_text=said).wait_for()
    assert bool(resident.find("[name=latitude]").input_value()) == is_set
    if is_set:
        resident.send()
        resident.receipt()
        [row] = stored(words)
        assert (row["precision"], bool(row["latitude"])) == (("street", True) if accuracy <= 100 else ("area", False))
