<?php

declare(strict_types=1);

namespace App\Forsun;

use RuntimeException;

/** A refusal by the daemon: its code is in getCode(), 1003 means that there is no such plan. */
final class ForsunException extends RuntimeException
{
    public const NOT_FOUND = 1003;
}
