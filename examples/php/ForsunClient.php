<?php

declare(strict_types=1);

namespace App\Forsun;

use RuntimeException;

/**
 * Plans of a forsun daemon, by its HTTP API (`forsun serve --http 127.0.0.1:6459`).
 * It needs php-curl and nothing else. In Laravel, bind it in a service provider:
 *
 *     $this->app->singleton(ForsunClient::class, fn () => new ForsunClient(
 *         config('services.forsun.url'),
 *         config('services.forsun.token'),
 *     ));
 */
final class ForsunClient
{
    public function __construct(
        private readonly string $url = 'http://127.0.0.1:6459',
        private readonly ?string $token = null,
        private readonly int $timeoutSeconds = 10,
    ) {
    }

    /**
     * Has a URL called after a delay.
     *
     * @param array<string, string> $params further params of the action http
     * @return array<string, mixed> the plan
     */
    public function callLater(string $key, int $seconds, string $url, array $params = []): array
    {
        return $this->request('PUT', '/v1/plan', body: [
            'key' => $key,
            'seconds' => $seconds,
            'count' => 1,
            'action' => 'http',
            'params' => ['url' => $url] + $params,
        ]);
    }

    /**
     * Has a URL called daily.
     *
     * @param array<string, string> $params further params of the action http
     * @return array<string, mixed> the plan
     */
    public function callDaily(string $key, int $hour, int $minute, string $url, array $params = []): array
    {
        return $this->request('POST', '/v1/plan', body: [
            'key' => $key,
            'seconds' => 0,
            'minute' => $minute,
            'hour' => $hour,
            'action' => 'http',
            'params' => ['url' => $url] + $params,
        ]);
    }

    /** @return array<string, mixed>|null the plan; null when there is none */
    public function find(string $key): ?array
    {
        return $this->orNull(fn () => $this->request('GET', '/v1/plan', ['key' => $key]));
    }

    /** Whether there was such a plan. */
    public function cancel(string $key): bool
    {
        return $this->orNull(fn () => $this->request('DELETE', '/v1/plan', ['key' => $key])) !== null;
    }

    /** @return list<string> */
    public function keys(string $prefix = ''): array
    {
        return $this->request('GET', '/v1/keys', ['prefix' => $prefix]);
    }

    /** @param callable(): array<string, mixed> $request */
    private function orNull(callable $request): ?array
    {
        try {
            return $request();
        } catch (ForsunException $exception) {
            if ($exception->getCode() === ForsunException::NOT_FOUND) {
                return null;
            }
            throw $exception;
        }
    }

    private function request(string $method, string $path, array $query = [], ?array $body = null): array
    {
        $headers = ['Accept: application/json'];
        if ($this->token !== null) {
            $headers[] = 'Authorization: Bearer ' . $this->token;
        }
        $options = [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_CONNECTTIMEOUT => $this->timeoutSeconds,
            CURLOPT_TIMEOUT => $this->timeoutSeconds,
        ];
        if ($body !== null) {
            $headers[] = 'Content-Type: application/json';
            $options[CURLOPT_POSTFIELDS] = json_encode($body, JSON_THROW_ON_ERROR);
        }
        $options[CURLOPT_HTTPHEADER] = $headers;
        $curl = curl_init($this->url . $path . ($query ? '?' . http_build_query($query) : ''));
        curl_setopt_array($curl, $options);
        $reply = curl_exec($curl);
        if ($reply === false) {
            throw new RuntimeException('forsun does not answer: ' . curl_error($curl));
        }
        $data = json_decode($reply, true, flags: JSON_THROW_ON_ERROR);
        if (($data['errcode'] ?? 1001) !== 0) {
            throw new ForsunException($data['errmsg'] ?? 'unknown error', $data['errcode'] ?? 1001);
        }
        return $data['data'] ?? [];
    }
}
