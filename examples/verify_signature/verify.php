<?php
/**
 * Whether a request was signed by forsun with one of $keys, [id => secret], just now.
 *
 * $url is what the plan says: put it together from the public address of this
 * receiver and the request's path and query. $headers has lower-case names.
 */
function is_genuine(
    array $keys, string $method, string $url, array $headers, string $body,
    int $longestSeconds = 300
): bool {
    $marks = [];
    foreach (explode(',', $headers['x-forsun-signature'] ?? '') as $part) {
        $pair = explode('=', $part, 2);
        if (count($pair) === 2) $marks[$pair[0]] = $pair[1];
    }
    $sentAt = $marks['t'] ?? '';
    if (!ctype_digit($sentAt) || abs(time() - (int) $sentAt) > $longestSeconds) {
        return false;
    }
    $text = implode("\n", [
        'v1',
        $sentAt,
        $method,
        $url,
        $headers['x-forsun-timestamp'] ?? '',
        $headers['x-forsun-key'] ?? '',
        $headers['x-forsun-attempt'] ?? '',
        hash('sha256', $body),
    ]);
    foreach ($keys as $id => $secret) {
        if ($id === 't') continue;
        $expected = hash_hmac('sha256', $text, $secret);
        if (hash_equals($expected, $marks[$id] ?? '')) return true;
    }
    return false;
}
