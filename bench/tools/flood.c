/*
 * A client that means no good: opens many TCP connections to a server and
 * misuses them for some seconds, in one of these ways:
 *
 *   idle      says nothing
 *   drip      sends a request a byte at a time, one each few seconds
 *   half      shuts down its sending side in the middle of a request, and stays
 *   churn     connects and resets as fast as it can
 *   garbage   sends what means nothing, reads nothing, connects again
 *
 * Where the server closes a connection of `idle`, `drip` or `half`, it keeps its
 * own end open and opens no other. Prints one JSON object. One thread, epoll.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

enum mode { IDLE, DRIP, HALF, CHURN, GARBAGE };
static const char *const mode_names[] = {"idle", "drip", "half", "churn",
                                         "garbage"};
enum { EVENTS = 256, PER_TURN = 64 };

struct connection {
  int fd, sent;
  bool is_open, is_closed_there;
  int64_t next_ns;
};

static int port, wanted = 1000, per_second = 5000;
static double seconds = 10, drip_seconds = 5;
static enum mode mode = IDLE;
static bool is_http;
static int64_t opened, failed, closed_there, most_open, open_now;
static struct connection *connections;
static int epoll_fd;
static volatile sig_atomic_t is_over;

/* A call of get("a") whose key never comes; a request whose headers don't. */
static const char thrift_start[] =
    "\x80\x01\x00\x01\x00\x00\x00\x03get\x00\x00\x00\x01\x0b\x00\x01\x00\x00\x10\x00"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char http_start[] =
    "GET /v1/ping HTTP/1.1\r\nHost: a\r\nX-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

static void end_soon(int signal) { is_over = signal; }

static const char *start_bytes(void) { return is_http ? http_start : thrift_start; }
static int start_length(void) {
  return (int)(is_http ? sizeof http_start : sizeof thrift_start) - 1;
}

static void forget(struct connection *c, bool resets) {
  if (resets) {
    struct linger linger = {1, 0};
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  }
  close(c->fd);
  c->is_open = false;
  open_now--;
}

static void open_one(struct connection *c, int64_t now) {
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (c->fd < 0 || (connect(c->fd, (struct sockaddr *)&address,
                            sizeof address) != 0 && errno != EINPROGRESS)) {
    if (c->fd >= 0) close(c->fd);
    failed++;
    c->next_ns = now + NS_PER_SECOND / 10;
    return;
  }
  c->is_open = true;
  c->is_closed_there = false;
  c->sent = 0;
  c->next_ns = now + NS_PER_SECOND / 100;
  opened++;
  if (++open_now > most_open) most_open = open_now;
  struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET,
                              .data.ptr = c};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &event);
}

/* What is due on an open connection. */
static void act(struct connection *c, int64_t now) {
  char noise[512];
  switch (mode) {
    case IDLE:
      c->next_ns = INT64_MAX;
      return;
    case DRIP:
      if (c->sent < start_length() && !c->is_closed_there) {
        send(c->fd, start_bytes() + c->sent++, 1, MSG_NOSIGNAL);
      }
      c->next_ns = now + (int64_t)(drip_seconds * NS_PER_SECOND);
      return;
    case HALF:
      send(c->fd, start_bytes(), (size_t)start_length() / 2, MSG_NOSIGNAL);
      shutdown(c->fd, SHUT_WR);
      c->next_ns = INT64_MAX;
      return;
    case CHURN:
      forget(c, true);
      open_one(c, now);
      c->next_ns = now;
      return;
    case GARBAGE:
      if (c->sent++ == 0) {
        for (size_t n = 0; n < sizeof noise; n++) noise[n] = (char)rand();
        send(c->fd, noise, sizeof noise, MSG_NOSIGNAL);
        c->next_ns = now + NS_PER_SECOND / 5;
      } else {
        forget(c, true);
        open_one(c, now);
      }
      return;
  }
}

static void note_events(int wait_ms) {
  struct epoll_event events[EVENTS];
  int count = epoll_wait(epoll_fd, events, EVENTS, wait_ms);
  for (int n = 0; n < count; n++) {
    struct connection *c = events[n].data.ptr;
    if (!(events[n].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))) continue;
    if (!c->is_open || c->is_closed_there) continue;
    c->is_closed_there = true;
    closed_there++;
  }
}

static void read_options(int argc, char **argv) {
  static const struct option names[] = {
      {"port", 1, 0, 'p'},        {"connections", 1, 0, 'c'},
      {"seconds", 1, 0, 's'},     {"mode", 1, 0, 'm'},
      {"per-second", 1, 0, 'r'},  {"drip-seconds", 1, 0, 'd'},
      {"http", 0, 0, 'h'},        {0, 0, 0, 0}};
  for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
    switch (name) {
      case 'p': port = atoi(optarg); break;
      case 'c': wanted = atoi(optarg); break;
      case 's': seconds = atof(optarg); break;
      case 'r': per_second = atoi(optarg); break;
      case 'd': drip_seconds = atof(optarg); break;
      case 'h': is_http = true; break;
      case 'm':
        for (int n = 0; n <= GARBAGE; n++) {
          if (strcmp(optarg, mode_names[n]) == 0) mode = (enum mode)n;
        }
        break;
      default:
        fprintf(stderr, "usage: flood --port N [--mode NAME] [--connections N] "
                        "[--seconds S] [--per-second N] [--drip-seconds S] "
                        "[--http]\n");
        exit(2);
    }
  }
}

int main(int argc, char **argv) {
  read_options(argc, argv);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  struct sigaction ending = {.sa_handler = end_soon};
  sigaction(SIGTERM, &ending, NULL);
  connections = calloc((size_t)wanted, sizeof *connections);
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  int64_t start = monotonic_ns();
  int64_t end = start + (int64_t)(seconds * NS_PER_SECOND);
  int at = 0;
  for (int64_t now = start; now < end && !is_over; now = monotonic_ns()) {
    /* No more new ones than the pace allows. */
    double allowed = (double)(now - start) / NS_PER_SECOND * per_second;
    int turns = wanted < 2048 ? wanted : 2048;
    for (int n = 0, acts = 0; n < turns && acts < PER_TURN; n++) {
      struct connection *c = &connections[at];
      at = (at + 1) % wanted;
      if (c->next_ns > now) continue;
      bool opens = !c->is_open || mode == CHURN;
      if (opens && (double)(opened + failed) >= allowed) continue;
      acts++;
      if (c->is_open) act(c, now);
      else open_one(c, now);
    }
    note_events(1);
  }
  printf("{\"opened\":%lld,\"failed\":%lld,\"closedThere\":%lld,"
         "\"maxOpen\":%lld}\n",
         (long long)opened, (long long)failed, (long long)closed_there,
         (long long)most_open);
}
