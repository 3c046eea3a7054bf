"""Debian's nginx in front of a server, with the shipped configuration: only addresses and paths are exchanged."""

import os
import re
import shutil
import ssl
import subprocess
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import free_port
from tests.server.programs import wait_until_it_listens

SHIPPED = Path(__file__).parents[2] / "deploy" / "nginx" / "citizen-portal.conf"
PROGRAM = os.environ.get("NGINX") or shutil.which("nginx") or "/usr/sbin/nginx"  # where Debian puts it
NO_SERVER_HEADER = SHIPPED.parent / "no-server-header.conf"
# Of Debian's libnginx-mod-http-headers-more-filter.
HEADERS_MODULE = Path("/usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so")
AROUND_IT = """
{modules}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log emerg;
events {{ worker_connections 768; }}
http {{
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/citizen-portal.conf;
}}
"""
CERTIFICATE = (
    *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"),
    *("-subj", "/CN=your.address", "-keyout", "key.pem", "-out", "certificate.pem"),
)


@contextmanager
def nginx_before(upstream_port: int, folder: Path, plain_port: int | None = None, *, headers_module: bool = False):
    """Run nginx in front of what listens on ``upstream_port``; gives the port it answers TLS on.

    Its files are made in ``folder``. ``plain_port`` is where it answers without TLS. With ``headers_module`` it is
    installed as the configuration says for a machine that has that module.
    """
    (folder / "citizen-portal.d").mkdir(parents=True)
    modules = f"load_module {HEADERS_MODULE};" if headers_module else ""
    if headers_module:
        shutil.copy(NO_SERVER_HEADER, folder / "citizen-portal.d")
    subprocess.run(CERTIFICATE, cwd=folder, check=True, capture_output=True)
    port = free_port()
    plain = plain_port or free_port()
    ours = _on_this_machine(SHIPPED.read_text(), upstream_port, port, folder, plain)
    (folder / "citizen-portal.conf").write_text(ours)
    Path(f"/dev/shm/portal-test-{port}").mkdir()
    (folder / "nginx.conf").write_text(AROUND_IT.format(folder=folder, modules=modules))
    process = subprocess.Popen([PROGRAM, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.PIPE)
    try:
        wait_until_it_listens("nginx", port, process)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=20)
        shutil.rmtree(f"/dev/shm/portal-test-{port}", ignore_errors=True)


def trusting_nobody() -> ssl.SSLContext:
    """A client's context for the certificate that signs itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _on_this_machine(shipped: str, upstream_port: int, port: int, folder: Path, plain: int) -> str:
    exchanged = re.sub(r"^\s*listen \[::\].*\n", "", shipped, flags=re.MULTILINE)
    for there, here in (
        ("127.0.0.1:8000", f"127.0.0.1:{upstream_port}"),
        ("listen 80 ", f"listen 127.0.0.1:{plain} "),
        ("listen 443 ", f"listen 127.0.0.1:{port} "),
        ("/etc/ssl/certs/your.address.pem", f"{folder}/certificate.pem"),
        ("/etc/ssl/private/your.address.key", f"{folder}/key.pem"),
        ("/etc/nginx/citizen-portal.d/", f"{folder}/citizen-portal.d/"),
        ("/var/log/nginx/citizen-portal.log", f"{folder}/portal.log"),
        ("/dev/shm/citizen-portal-bodies", f"/dev/shm/portal-test-{port}/bodies"),
        ("/dev/shm/citizen-portal-pages", f"/dev/shm/portal-test-{port}/pages"),
    ):
        assert there in exchanged, f"the shipped configuration has no {there} any more"
        exchanged = exchanged.replace(there, here)
    return exchanged
