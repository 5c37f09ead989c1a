<?php

// Cancels an order that nobody has paid within 30 minutes:
//
//     php order_timeout.php [URL of the HTTP API]

declare(strict_types=1);

require __DIR__ . '/ForsunException.php';
require __DIR__ . '/ForsunClient.php';

use App\Forsun\ForsunClient;
use App\Forsun\ForsunException;

$forsun = new ForsunClient($argv[1] ?? 'http://127.0.0.1:6459');

$plan = $forsun->callLater('order:17', 1800, 'http://localhost:8080/orders/17/unpaid', [
    'method' => 'post',
]);
printf("%s runs in %d s\n", $plan['key'], $plan['next_time'] - $plan['created_time']);
printf("plans: %s\n", implode(', ', $forsun->keys('order:')));
printf("paid in time: %s\n", $forsun->cancel('order:17') ? 'yes' : 'no');
printf("paid in time: %s\n", $forsun->cancel('order:17') ? 'yes' : 'no');
printf("found: %s\n", $forsun->find('order:17') === null ? 'no' : 'yes');

try {
    $forsun->callDaily('report', 25, 0, 'http://localhost:8080/report');
} catch (ForsunException $exception) {
    printf("%d %s\n", $exception->getCode(), $exception->getMessage());
}
