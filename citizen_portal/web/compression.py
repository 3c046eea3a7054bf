"""Compression of answers that are made for one request, such as a form that comes back; kept pages have their own.

Nothing with a secret in it can be asked for from another site: posts are refused at the door, and the workplace's
cookie does not travel. So a guess and a secret never meet in one compressed answer.
"""

import gzip
from functools import lru_cache

import brotli
from flask import Flask, Response, request

WORTH_IT_BYTES = 512
MIMETYPES = {"text/html", "text/css", "image/svg+xml"}
# Quickly, for one reader: the highest level would take longer than it saves.
BROTLI_QUALITY, GZIP_LEVEL = 5, 6


def init_compression(app: Flask) -> None:
    """Register before every other after_request, so that it sees the finished answer."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in MIMETYPES or response.is_streamed or response.direct_passthrough:
            return response
        body = response.get_data()
        if len(body) < WORTH_IT_BYTES or response.content_encoding:
            return response
        response.vary.add("Accept-Encoding")
        coding = coding_of(request.headers.get("Accept-Encoding", ""))
        if coding:
            response.set_data(_compressed(body, coding))
            response.content_encoding = coding
        return response


@lru_cache(maxsize=64)  # a handful of browsers ask in a handful of ways
def coding_of(accepted: str) -> str:
    """The smallest of our codings that an Accept-Encoding header takes, or none."""
    weights = dict(each.partition(";q=")[::2] for each in accepted.replace(" ", "").lower().split(","))
    refused = {coding for coding, weight in weights.items() if weight and not weight.strip("0.")}
    return next((coding for coding in ("br", "gzip") if coding in weights.keys() - refused), "")


def _compressed(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return brotli.compress(body, quality=BROTLI_QUALITY)
    return gzip.compress(body, GZIP_LEVEL, mtime=0)
