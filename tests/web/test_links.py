"""What a catalogue holds becomes a link only where it is safe to follow."""

from __future__ import annotations

import pytest

from spmatch.web.links import mail_link, phone_link, web_link


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("+45 00 11 22 33", "tel:+4500112233"),
        ("70 201 201", "tel:70201201"),
        ("112", "tel:112"),
        ("+44 (0)20 7946 0000", "tel:+442079460000"),
        ("Tlf. 98 12 34 56", "tel:98123456"),
        ("12 34 56 78 / 87 65 43", None),
        ("98123456 or 98123457", None),
        ("ask at the desk", None),
        (None, None),
    ],
)
def test_only_a_number_can_be_dialled(phone: str | None, link: str | None) -> None:
    assert phone_link(phone) == link


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/b?c=d", "https://a.example/b?c=d"),
        ("http://a.example", "http://a.example"),
        ("javascript:alert(1)", None),
        (" JavaScript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.example", None),
        ("https://", None),
        ("http://[", None),
        (None, None),
    ],
)
def test_only_the_web_is_linked_to(url: str | None, link: str | None) -> None:
    assert web_link(url) == link


@pytest.mark.parametrize(
    ("email", "link"),
    [
        ("a@b.example", "mailto:a@b.example"),
        ("a@b.example?bcc=c@d.example", None),
        ("a", None),
        (None, None),
    ],
)
def test_only_an_address_is_written_to(email: str | None, link: str | None) -> None:
    assert mail_link(email) == link
