/*
 * Receives HTTP requests and remembers when each one arrived, by the wall
 * clock. The number at the end of a request's path is its index:
 *
 *   GET /-/reset?expect=N     forget everything, indexes are 0 to N - 1
 *   GET /-/count              how many indexes have arrived so far
 *   GET /-/report?due=T&step=S
 *                             JSON: how long after its second, T + S * index,
 *                             each index arrived for the first time
 *   GET /-/lateness           JSON: how many requests named the second they are
 *                             for (X-Forsun-Timestamp) since this was last
 *                             asked, and how long after it they came
 *
 * Everything else counts as an arrival, whatever its method. One thread, epoll.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "histogram.h"

enum { REQUEST_BYTES = 16 * 1024, EVENTS = 256 };

/* What is known of one index. */
struct arrival {
  int64_t first_ns;
  uint32_t times;
};

struct connection {
  int fd;
  size_t length;
  /* Where the connection stands among those whose reply is held back. */
  struct connection *before, *behind;
  int64_t reply_at_ns;
  bool is_held, closes;
  char bytes[REQUEST_BYTES];
};

static int port = 0, status = 200, delay_ms = 0;
static bool keeps_alive = true;

static struct arrival *arrivals;
static int64_t expected, arrived, duplicates, strangers, broken;
static int64_t open_now, open_most, opened;
static struct histogram lateness;
static int listener, epoll_fd;
static struct connection *held_first, *held_last;

static void die(const char *what) {
  fprintf(stderr, "http_sink: %s: %s\n", what, strerror(errno));
  exit(2);
}

static void reset(int64_t expect) {
  free(arrivals);
  arrivals = calloc((size_t)(expect > 0 ? expect : 1), sizeof *arrivals);
  if (arrivals == NULL) die("memory");
  expected = expect;
  arrived = duplicates = strangers = broken = opened = 0;
  open_most = open_now;
}

/* ---- the report ---- */

static int by_size(const void *a, const void *b) {
  int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
  return (one > other) - (one < other);
}

static double quantile_ms(const int64_t *sorted, double share) {
  if (arrived == 0) return 0;
  int64_t rank = (int64_t)(share * (double)arrived + 0.999999);
  if (rank < 1) rank = 1;
  return sorted[rank - 1] / 1e6;
}

static int write_report(char *target, size_t room, int64_t due, int64_t step) {
  int64_t *offsets = malloc(sizeof *offsets * (size_t)(arrived + 1));
  if (offsets == NULL) die("memory");
  int64_t count = 0, last_index = -1;
  for (int64_t index = 0; index < expected; index++) {
    if (arrivals[index].times == 0) continue;
    int64_t second = due + index * step;
    offsets[count++] = arrivals[index].first_ns - second * NS_PER_SECOND;
    last_index = index;
  }
  qsort(offsets, (size_t)count, sizeof *offsets, by_size);
  int length = snprintf(
      target, room,
      "{\"expected\":%lld,\"arrived\":%lld,\"missing\":%lld,"
      "\"duplicates\":%lld,\"strangers\":%lld,\"broken\":%lld,"
      "\"connections\":{\"opened\":%lld,\"most\":%lld},\"lastIndex\":%lld,"
      "\"offsetMs\":{\"first\":%.3f,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,"
      "\"last\":%.3f}}",
      (long long)expected, (long long)arrived,
      (long long)(expected - arrived), (long long)duplicates,
      (long long)strangers, (long long)broken, (long long)opened,
      (long long)open_most, (long long)last_index, quantile_ms(offsets, 0),
      quantile_ms(offsets, 0.5), quantile_ms(offsets, 0.9),
      quantile_ms(offsets, 0.99), quantile_ms(offsets, 1));
  free(offsets);
  return length;
}

/* Writes what the histogram holds, and empties it. */
static int write_lateness(char *target, size_t room) {
  int length = snprintf(
      target, room,
      "{\"count\":%llu,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,"
      "\"p999\":%.3f,\"most\":%.3f}",
      (unsigned long long)lateness.count,
      histogram_quantile(&lateness, 0.5) / 1e6,
      histogram_quantile(&lateness, 0.9) / 1e6,
      histogram_quantile(&lateness, 0.99) / 1e6,
      histogram_quantile(&lateness, 0.999) / 1e6, lateness.most / 1e6);
  histogram_clear(&lateness);
  return length;
}

/* ---- requests ---- */

static void send_text(struct connection *c, int code, const char *body,
                      int length) {
  char head[256];
  int head_length =
      snprintf(head, sizeof head,
               "HTTP/1.1 %d Bench\r\nContent-Type: text/plain\r\n"
               "Content-Length: %d\r\n%s\r\n",
               code, length, c->closes ? "Connection: close\r\n" : "");
  char reply[1280];
  memcpy(reply, head, (size_t)head_length);
  memcpy(reply + head_length, body, (size_t)length);
  /* A reply of some hundred bytes fits into any socket's buffer. */
  if (send(c->fd, reply, (size_t)(head_length + length), MSG_NOSIGNAL) < 0) {
    c->closes = true;
  }
}

static int64_t query_number(const char *path, size_t length, const char *name) {
  const char *found = memmem(path, length, name, strlen(name));
  return found == NULL ? 0 : atoll(found + strlen(name));
}

static bool is_path(const char *path, size_t length, const char *expected_path) {
  size_t size = strlen(expected_path);
  return length >= size && memcmp(path, expected_path, size) == 0;
}

static void answer_control(struct connection *c, const char *path,
                           size_t length) {
  char body[1024];
  int size = 0;
  int code = 200;
  if (is_path(path, length, "/-/reset")) {
    reset(query_number(path, length, "expect="));
  } else if (is_path(path, length, "/-/count")) {
    size = snprintf(body, sizeof body, "%lld", (long long)arrived);
  } else if (is_path(path, length, "/-/report")) {
    size = write_report(body, sizeof body, query_number(path, length, "due="),
                        query_number(path, length, "step="));
  } else if (is_path(path, length, "/-/lateness")) {
    size = write_lateness(body, sizeof body);
  } else {
    code = 404;
  }
  send_text(c, code, body, size);
}

static int64_t index_in(const char *path, size_t length) {
  size_t end = length, start;
  for (start = end; start > 0; start--) {
    if (path[start - 1] < '0' || path[start - 1] > '9') break;
  }
  return start == end || end - start > 18 ? -1 : atoll(path + start);
}

static void note_arrival(const char *path, size_t length, int64_t now) {
  int64_t index = index_in(path, length);
  if (index < 0 || index >= expected) {
    strangers++;
  } else if (arrivals[index].times++ > 0) {
    duplicates++;
  } else {
    arrivals[index].first_ns = now;
    arrived++;
  }
}

static void hold(struct connection *c) {
  c->is_held = true;
  c->reply_at_ns = monotonic_ns() + delay_ms * (NS_PER_SECOND / 1000);
  c->before = held_last;
  c->behind = NULL;
  if (held_last == NULL) held_first = c;
  else held_last->behind = c;
  held_last = c;
}

static void let_go(struct connection *c) {
  c->is_held = false;
  if (c->before == NULL) held_first = c->behind;
  else c->before->behind = c->behind;
  if (c->behind == NULL) held_last = c->before;
  else c->behind->before = c->before;
}

static void close_connection(struct connection *c) {
  if (c->is_held) let_go(c);
  close(c->fd);
  free(c);
  open_now--;
}

/* The value of a header, in front of `end`; NULL when it is not there. */
static const char *header(const char *head, const char *end, const char *name) {
  size_t length = strlen(name);
  for (const char *line = head; line + length < end;) {
    if (strncasecmp(line, name, length) == 0) return line + length;
    line = memchr(line, '\n', (size_t)(end - line));
    if (line == NULL) return NULL;
    line++;
  }
  return NULL;
}

/* Takes one complete request off the connection's bytes; false when there is none, or its reply is held back. */
static bool take_request(struct connection *c, int64_t now) {
  if (c->is_held) return false;
  char *blank = memmem(c->bytes, c->length, "\r\n\r\n", 4);
  if (blank == NULL) return false;
  char *head_end = blank + 4;
  const char *length_text = header(c->bytes, head_end, "content-length:");
  int64_t body = length_text == NULL ? 0 : atoll(length_text);
  const char *mode = header(c->bytes, head_end, "connection:");
  size_t total = (size_t)(head_end - c->bytes) + (size_t)body;
  char *path = memchr(c->bytes, ' ', (size_t)(blank - c->bytes));
  bool is_plain = path != NULL && body >= 0 && total <= REQUEST_BYTES &&
                  header(c->bytes, head_end, "transfer-encoding:") == NULL;
  if (!is_plain) {
    broken++;
    c->closes = true;
    return true;
  }
  if (c->length < total) return false;
  path++;
  size_t path_length = strcspn(path, " \r\n");
  c->closes = !keeps_alive ||
              (mode != NULL && strncasecmp(mode + strspn(mode, " "), "close",
                                           5) == 0);
  if (is_path(path, path_length, "/-/")) {
    answer_control(c, path, path_length);
  } else {
    note_arrival(path, path_length, now);
    const char *second = header(c->bytes, head_end, "x-forsun-timestamp:");
    if (second != NULL) {
      histogram_add(&lateness, now - atoll(second) * NS_PER_SECOND);
    }
    if (delay_ms > 0) hold(c);
    else send_text(c, status, "ok", 2);
  }
  c->length -= total;
  memmove(c->bytes, c->bytes + total, c->length);
  return true;
}

static void serve(struct connection *c) {
  ssize_t count =
      recv(c->fd, c->bytes + c->length, REQUEST_BYTES - c->length, 0);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) {
    close_connection(c);
    return;
  }
  int64_t now = wall_ns();
  c->length += (size_t)count;
  while (take_request(c, now)) {
    if (c->closes && !c->is_held) {
      close_connection(c);
      return;
    }
  }
  if (c->length == REQUEST_BYTES && !c->is_held) {
    broken++;
    close_connection(c);
  }
}

static void accept_all(void) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct connection *c = calloc(1, sizeof *c);
    if (c == NULL) die("memory");
    c->fd = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
    opened++;
    if (++open_now > open_most) open_most = open_now;
  }
}

/* Sends the replies whose time has come; returns how long to wait for the next one. */
static int release_held(void) {
  while (held_first != NULL) {
    struct connection *c = held_first;
    int64_t left_ns = c->reply_at_ns - monotonic_ns();
    if (left_ns > 0) return (int)(left_ns / 1000000) + 1;
    let_go(c);
    send_text(c, status, "ok", 2);
    int64_t now = wall_ns();
    while (!c->closes && take_request(c, now));
    if (c->closes && !c->is_held) close_connection(c);
  }
  return -1;
}

static void listen_on_port(void) {
  listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) != 0 ||
      listen(listener, 4096) != 0 ||
      getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
    die("cannot listen");
  }
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  fflush(stdout);
}

static void read_options(int argc, char **argv) {
  static const struct option names[] = {{"port", 1, 0, 'p'},
                                        {"status", 1, 0, 's'},
                                        {"delay-ms", 1, 0, 'd'},
                                        {"close", 0, 0, 'c'},
                                        {0, 0, 0, 0}};
  for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
    switch (name) {
      case 'p': port = atoi(optarg); break;
      case 's': status = atoi(optarg); break;
      case 'd': delay_ms = atoi(optarg); break;
      case 'c': keeps_alive = false; break;
      default:
        fprintf(stderr, "usage: http_sink [--port N] [--status N] "
                        "[--delay-ms N] [--close]\n");
        exit(2);
    }
  }
}

int main(int argc, char **argv) {
  read_options(argc, argv);
  reset(0);
  listen_on_port();
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll_fd, events, EVENTS, release_held());
    for (int n = 0; n < count; n++) {
      if (events[n].data.ptr == NULL) accept_all();
      else serve(events[n].data.ptr);
    }
  }
}
