"""What stands in front of the portal keeps its promise: no address of a visitor in any log."""

import configparser
import re
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"


def nginx_directives(name: str) -> list[str]:
    configuration = (DEPLOY / "nginx" / "citizen-portal.conf").read_text()
    return re.findall(rf"^\s*{name}\s+([^;]+);", configuration, re.MULTILINE)


def test_nginx_writes_no_access_log():
    assert nginx_directives("access_log") == ["off"]


def test_nginx_writes_only_errors_that_concern_no_visitor():
    assert [line.split()[-1] for line in nginx_directives("error_log")] == ["emerg"]


def test_nginx_never_spools_a_photo_to_a_disk():
    assert nginx_directives("proxy_request_buffering") == ["off"]


def test_nginx_lets_through_as_much_as_the_portal_takes():
    from citizen_portal.web.uploads import MAX_BODY_BYTES

    assert nginx_directives("client_max_body_size") == [f"{MAX_BODY_BYTES // 2**20}m"]


@pytest.mark.parametrize("unit", ["citizen-portal.service", "citizen-portal-housekeeping.service"])
def test_the_services_keep_their_data_from_other_users(unit):
    service = configparser.ConfigParser(strict=False)
    service.optionxform = str
    service.read(DEPLOY / "systemd" / unit)
    assert service["Service"]["UMask"] == "0077"
    assert service["Service"]["StateDirectoryMode"] == "0700"
