"""Compression of answers that are made for one request, such as a form that comes back; kept pages have their own.

Nothing with a secret in it can be asked for from another site: posts are refused at the door, and the workplace's
cookie does not travel. So a guess and a secret never meet in one compressed answer.
"""

import gzip
from functools import lru_cache

import brotli
from flask import Flask, Response, g, request

# A page that answers a post comes alone, its sheets and scripts are there already: up to the larger size it fits one
# round trip as it is, and to pack it costs time and saves none.
WORTH_IT_BYTES, WORTH_IT_AFTER_POST_BYTES = 512, 6_000
MIMETYPES = {"text/html", "text/css", "image/svg+xml"}
# Quickly, for one reader: the highest level would take longer than it saves. No answer is longer than this window.
QUICKLY = {"quality": 7, "lgwin": 16}
GZIP_LEVEL = 6


def init_compression(app: Flask) -> None:
    """Register before every other after_request, so that it sees the finished answer."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in MIMETYPES or response.is_streamed or response.direct_passthrough:
            return response
        body = response.get_data()
        worth_it = WORTH_IT_AFTER_POST_BYTES if request.method == "POST" else WORTH_IT_BYTES
        if len(body) < worth_it or response.content_encoding:
            return response
        response.vary.add("Accept-Encoding")
        coding = coding_of(request.headers.get("Accept-Encoding", ""))
        if coding:
            response.set_data(_compressed_well(body, coding) if g.get("same_for_many") else _compressed(body, coding))
            response.content_encoding = coding
        return response


def compress_well() -> None:
    """Vouch that the page being made holds nothing of its visitor and is asked for often: worth the highest level."""
    g.same_for_many = True


@lru_cache(maxsize=64)  # a handful of browsers ask in a handful of ways
def coding_of(accepted: str) -> str:
    """The smallest of our codings that an Accept-Encoding header takes, or none."""
    weights = dict(each.partition(";q=")[::2] for each in accepted.replace(" ", "").lower().split(","))
    refused = {coding for coding, weight in weights.items() if weight and not weight.strip("0.")}
    return next((coding for coding in ("br", "gzip") if coding in weights.keys() - refused), "")


def _compressed(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return brotli.compress(body, **QUICKLY)
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


@lru_cache(maxsize=32)  # some waves in some languages
def _compressed_well(body: bytes, coding: str) -> bytes:
    return brotli.compress(body) if coding == "br" else gzip.compress(body, mtime=0)
