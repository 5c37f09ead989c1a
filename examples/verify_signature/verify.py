"""Verifies the signature of a callback from forsun. Needs Python 3 alone."""
import hashlib
import hmac
import time


def is_genuine(keys, method, url, headers, body, longest_seconds=300):
    """Whether a request was signed with one of `keys`, {id: secret}, just now.

    `url` is what the plan says: put it together from the public address of
    this receiver and the request's path and query. `headers` has lower-case
    names, `body` is bytes.
    """
    marks = dict(
        part.split("=", 1)
        for part in headers.get("x-forsun-signature", "").split(",")
        if "=" in part
    )
    sent_at = marks.pop("t", "")
    is_number = sent_at.isascii() and sent_at.isdigit()
    if not is_number or abs(time.time() - int(sent_at)) > longest_seconds:
        return False
    text = "\n".join([
        "v1",
        sent_at,
        method,
        url,
        headers.get("x-forsun-timestamp", ""),
        headers.get("x-forsun-key", ""),
        headers.get("x-forsun-attempt", ""),
        hashlib.sha256(body).hexdigest(),
    ])
    return any(
        hmac.compare_digest(
            hmac.new(secret.encode(), text.encode(), hashlib.sha256)
            .hexdigest().encode(),
            # Whoever sends may have written anything.
            marks.get(key_id, "").encode("utf-8", "replace"),
        )
        for key_id, secret in keys.items()
    )
