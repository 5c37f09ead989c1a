/*
 * Sends calls to a Thrift server over many connections, checks every reply,
 * and prints what it measured as one JSON object, early when it gets SIGTERM.
 * One thread, epoll. The exit status is 0 when all replies were as they should
 * be, 1 when some were not, 2 when the load could not be carried out.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "clock.h"
#include "histogram.h"
#include "load_request.h"
#include "thrift_wire.h"

enum { SLOWEST = 12, EVENTS = 256, CHUNK = 64 * 1024 };
static const int64_t SILENCE_NS = 60 * NS_PER_SECOND;

/* A request in flight. */
struct slot {
  int64_t index, asked_ns, sent_second;
  struct due due;
};

struct connection {
  int fd;
  struct buffer in, out;
  struct slot *slots; /* a ring */
  int first, used;
  int32_t last_sent, last_received;
  bool waits_for_room;
};

struct slow {
  int64_t latency_ns, asked_ns, index;
};

static struct options options;
static struct connection *connections;
static int epoll_fd, timer_fd = -1;

static struct histogram latencies;
static struct slow slowest[SLOWEST];
static int64_t start_ns, measured_from_ns, start_wall_ns, end_ns;
static int64_t asked, in_flight, scheduled, last_reply_ns;
static bool is_over;
static volatile sig_atomic_t is_told_to_end;
static int64_t good, refused, exceptions, wrong, moved;
static int64_t next_time_least = INT64_MAX, next_time_most;
static char first_fault[400];

/* Indexes whose plan came out due at another second than --at names. */
static int64_t *again;
static size_t again_count, again_size;

static void die(const char *what) {
  fprintf(stderr, "thrift_load: %s: %s; %lld replies so far\n", what,
          strerror(errno), (long long)latencies.count);
  exit(2);
}

static void note_fault(const char *format, ...) {
  if (first_fault[0] != '\0') return;
  va_list values;
  va_start(values, format);
  vsnprintf(first_fault, sizeof first_fault, format, values);
  va_end(values);
}

static void ask_again(int64_t index) {
  if (again_count == again_size) {
    again_size = 2 * again_size + 64;
    again = realloc(again, again_size * sizeof *again);
    if (again == NULL) die("memory");
  }
  again[again_count++] = index;
}

/* ---- what a reply is worth ---- */

static bool is_text(struct text text, const char *expected, size_t length) {
  return text.length == length && memcmp(text.bytes, expected, length) == 0;
}

/* Whether the plan is due when it was asked to be; one that just missed --at is asked for again. */
static bool is_due_right(const struct slot *slot, int64_t next_time) {
  if (is_method(&options, "get") || is_method(&options, "remove")) return true;
  if (is_method(&options, "create")) return next_time == slot->due.second;
  if (options.at > 0) {
    if (next_time == slot->due.second) return true;
    moved++;
    if (slot->due.second > wall_second()) ask_again(slot->index);
    else wrong++, note_fault("second %lld passed", (long long)slot->due.second);
    return false;
  }
  int64_t delay = slot->due.delay == 0 ? 1 : slot->due.delay;
  return next_time >= slot->sent_second + delay - options.slack &&
         next_time <= wall_second() + delay + options.slack;
}

static void judge(struct connection *c, const struct slot *slot,
                  const struct reply *reply) {
  char key[MOST_KEY_BYTES];
  if (reply->seqid != c->last_received ||
      !is_text(reply->method, options.method, strlen(options.method))) {
    wrong++;
    note_fault("reply %d to call %d", reply->seqid, c->last_received);
  } else if (reply->type == MESSAGE_EXCEPTION) {
    exceptions++;
    note_fault("exception %d: %.*s", reply->code, (int)reply->message.length,
               reply->message.bytes);
  } else if (reply->is_refused) {
    refused++;
    note_fault("error %d: %.*s", reply->code, (int)reply->message.length,
               reply->message.bytes);
  } else if (reply->type != MESSAGE_REPLY || !reply->has_success) {
    wrong++;
    note_fault("a reply of type %d has no result", reply->type);
  } else if (reply->has_plan &&
             !is_text(reply->plan_key, key,
                      write_key(&options, slot->index, key))) {
    wrong++;
    note_fault("key %.*s came for %s", (int)reply->plan_key.length,
               reply->plan_key.bytes, key);
  } else if (reply->has_plan && !is_due_right(slot, reply->plan_next_time)) {
    if (options.at > 0 && !is_method(&options, "create")) return;
    wrong++;
    note_fault("next_time %d of %lld", reply->plan_next_time,
               (long long)slot->index);
  } else {
    good++;
    if (!reply->has_plan) return;
    int64_t next_time = reply->plan_next_time;
    if (next_time < next_time_least) next_time_least = next_time;
    if (next_time > next_time_most) next_time_most = next_time;
  }
}

static void measure(const struct slot *slot, int64_t now) {
  int64_t latency = now - slot->asked_ns;
  histogram_add(&latencies, latency);
  if (latency <= slowest[SLOWEST - 1].latency_ns) return;
  int place = SLOWEST - 1;
  for (; place > 0 && slowest[place - 1].latency_ns < latency; place--) {
    slowest[place] = slowest[place - 1];
  }
  slowest[place] = (struct slow){latency, slot->asked_ns, slot->index};
}

/* ---- asking ---- */

/* When the next request is due by the schedule, INT64_MIN without one. */
static int64_t next_ask_ns(void) {
  if (options.interval_us == 0) return INT64_MIN;
  return start_ns + scheduled * options.interval_us * 1000;
}

static void ask(struct connection *c, int64_t index, int64_t asked_ns) {
  struct slot *slot = &c->slots[(c->first + c->used++) % options.pipeline];
  int64_t second = wall_second();
  struct due due =
      put_request(&c->out, &options, index, ++c->last_sent, second);
  *slot = (struct slot){index, asked_ns, second, due};
  in_flight++;
}

static void fill(struct connection *c) {
  while (c->used < options.pipeline) {
    int64_t now = monotonic_ns(), due = next_ask_ns();
    if (due > now) return;
    if (again_count > 0) {
      ask(c, again[--again_count], now);
      continue;
    }
    int64_t from = options.interval_us == 0 ? now : due;
    if (asked >= options.total || from >= end_ns || is_told_to_end) {
      is_over = true;
    }
    if (is_over) return;
    scheduled++;
    ask(c, index_of(&options, asked++), from);
  }
}

static void watch(struct connection *c, int operation, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  if (epoll_ctl(epoll_fd, operation, c->fd, &event) != 0) die("epoll_ctl");
}

static void send_all(struct connection *c) {
  while (c->out.start < c->out.end) {
    ssize_t sent = send(c->fd, c->out.bytes + c->out.start,
                        c->out.end - c->out.start, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) break;
    if (sent < 0) die("send");
    c->out.start += (size_t)sent;
  }
  bool is_left = c->out.start < c->out.end;
  if (!is_left) c->out.start = c->out.end = 0;
  if (is_left == c->waits_for_room) return;
  c->waits_for_room = is_left;
  watch(c, EPOLL_CTL_MOD, is_left ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void receive_all(struct connection *c) {
  for (;;) {
    uint8_t *room = buffer_room(&c->in, CHUNK);
    ssize_t count = recv(c->fd, room, CHUNK, 0);
    if (count < 0 && errno == EAGAIN) break;
    if (count < 0) die("recv");
    if (count == 0) {
      errno = 0;
      die("the server closed a connection");
    }
    c->in.end += (size_t)count;
    if (count < CHUNK) break;
  }
  while (c->used > 0) {
    struct cursor cursor = {c->in.bytes + c->in.start,
                            c->in.bytes + c->in.end, CURSOR_GOOD};
    struct reply reply = take_reply(&cursor);
    if (cursor.state == CURSOR_SHORT) break;
    if (cursor.state == CURSOR_BROKEN) {
      errno = EBADMSG;
      die("a reply makes no sense");
    }
    struct slot *slot = &c->slots[c->first];
    c->first = (c->first + 1) % options.pipeline;
    c->used--;
    c->last_received++;
    in_flight--;
    last_reply_ns = monotonic_ns();
    measure(slot, last_reply_ns);
    judge(c, slot, &reply);
    c->in.start = c->in.end - (size_t)(cursor.end - cursor.at);
  }
  if (c->used == 0 && c->in.start < c->in.end) {
    errno = EBADMSG;
    die("more replies than calls");
  }
  if (c->in.start == c->in.end) c->in.start = c->in.end = 0;
}

/* ---- the whole ---- */

static void connect_all(void) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *address;
  if (getaddrinfo(options.host, options.port, &hints, &address) != 0) {
    die("cannot find the host");
  }
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  connections = calloc((size_t)options.connections, sizeof *connections);
  for (int n = 0; n < options.connections; n++) {
    struct connection *c = &connections[n];
    c->slots = calloc((size_t)options.pipeline, sizeof *c->slots);
    c->fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(c->fd, address->ai_addr, address->ai_addrlen) != 0) {
      die("cannot connect");
    }
    int on = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    watch(c, EPOLL_CTL_ADD, EPOLLIN);
  }
  freeaddrinfo(address);
}

static void start_timer(void) {
  if (options.interval_us == 0) return;
  timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  int64_t interval_ns = options.interval_us * 1000;
  struct timespec interval = {interval_ns / NS_PER_SECOND,
                              interval_ns % NS_PER_SECOND};
  struct itimerspec timer = {interval, interval};
  timerfd_settime(timer_fd, 0, &timer, NULL);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, timer_fd, &event);
}

static void fill_all(void) {
  for (int n = 0; n < options.connections; n++) {
    fill(&connections[n]);
    send_all(&connections[n]);
  }
}

static void end_soon(int signal) { is_told_to_end = signal; }

/* Forgets what was measured while everything warmed up. */
static void end_warmup(int64_t now) {
  histogram_clear(&latencies);
  memset(slowest, 0, sizeof slowest);
  good = 0;
  measured_from_ns = now;
}

static void run(void) {
  bool is_warm = options.warmup <= 0;
  fill_all();
  while (!is_over || in_flight > 0 || again_count > 0) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll_fd, events, EVENTS, 1000);
    if (count < 0 && errno != EINTR) die("epoll_wait");
    for (int n = 0; n < count; n++) {
      struct connection *c = events[n].data.ptr;
      if (c == NULL) {
        uint64_t expirations;
        if (read(timer_fd, &expirations, sizeof expirations) > 0) fill_all();
        continue;
      }
      if (events[n].events & ~(uint32_t)EPOLLOUT) receive_all(c);
      if (!is_over || again_count > 0) fill(c);
      send_all(c);
    }
    /* Connections without anything in flight get no event of their own. */
    if (again_count > 0) fill_all();
    int64_t now = monotonic_ns();
    if (in_flight > 0 && now - last_reply_ns > SILENCE_NS) {
      errno = ETIMEDOUT;
      die("no reply");
    }
    if (!is_warm && now - start_ns >= (int64_t)(options.warmup * 1e9)) {
      is_warm = true;
      end_warmup(now);
    }
  }
}

static void print_text(const char *text) {
  putchar('"');
  for (; *text != '\0'; text++) {
    unsigned char c = (unsigned char)*text;
    if (c == '"' || c == '\\') printf("\\%c", c);
    else if (c < 0x20) printf("\\u%04x", c);
    else putchar(c);
  }
  putchar('"');
}

static void print_latency(const char *name, double share) {
  printf("\"%s\":%.3f,", name, histogram_quantile(&latencies, share) / 1e6);
}

static void report(int64_t stop_ns) {
  double seconds = (stop_ns - measured_from_ns) / 1e9;
  printf("{\"replies\":%llu,\"good\":%lld,\"refused\":%lld,"
         "\"exceptions\":%lld,\"wrong\":%lld,\"moved\":%lld,",
         (unsigned long long)latencies.count, (long long)good,
         (long long)refused, (long long)exceptions, (long long)wrong,
         (long long)moved);
  printf("\"startedAt\":%.6f,\"seconds\":%.6f,\"perSecond\":%.1f,",
         start_wall_ns / 1e9, seconds, latencies.count / seconds);
  printf("\"latencyMs\":{");
  print_latency("p50", 0.5);
  print_latency("p90", 0.9);
  print_latency("p99", 0.99);
  print_latency("p999", 0.999);
  printf("\"most\":%.3f},\"slowest\":[", latencies.most / 1e6);
  for (int n = 0; n < SLOWEST && slowest[n].latency_ns > 0; n++) {
    printf("%s{\"index\":%lld,\"afterMs\":%.1f,\"ms\":%.3f}", n > 0 ? "," : "",
           (long long)slowest[n].index,
           (slowest[n].asked_ns - start_ns) / 1e6,
           slowest[n].latency_ns / 1e6);
  }
  printf("],\"nextTime\":{\"least\":%lld,\"most\":%lld},",
         (long long)(next_time_least == INT64_MAX ? 0 : next_time_least),
         (long long)next_time_most);
  printf("\"cpuSeconds\":%.3f,\"fault\":",
         clock_ns(CLOCK_PROCESS_CPUTIME_ID) / 1e9);
  print_text(first_fault);
  printf("}\n");
}

int main(int argc, char **argv) {
  options = read_options(argc, argv);
  struct sigaction ending = {.sa_handler = end_soon};
  sigaction(SIGTERM, &ending, NULL);
  connect_all();
  start_wall_ns = wall_ns();
  start_ns = measured_from_ns = last_reply_ns = monotonic_ns();
  double most_seconds = options.seconds + options.warmup;
  end_ns = most_seconds > 1e9 ? INT64_MAX
                              : start_ns + (int64_t)(most_seconds * 1e9);
  start_timer();
  run();
  report(monotonic_ns());
  return refused + exceptions + wrong > 0 ? 1 : 0;
}
