/* What the load generator asks for: its options, and the request of each index. */
#ifndef LOAD_REQUEST_H
#define LOAD_REQUEST_H

#include <getopt.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "thrift_wire.h"

enum { MOST_PARAMS = 32, MOST_KEY_BYTES = 512 };

static const char usage[] =
    "usage: thrift_load --port N [option]...\n"
    "\n"
    "  --host ADDRESS       127.0.0.1\n"
    "  --connections N      1\n"
    "  --pipeline N         requests in flight on each connection, 1\n"
    "  --method NAME        createTimeout, create, get, remove, ping, info\n"
    "  --total N            requests in all; without end when not given\n"
    "  --seconds S          stop asking after so long\n"
    "  --warmup S           do not measure the first seconds\n"
    "  --interval-us N      ask on schedule, once in N microseconds; latency\n"
    "                       counts from the moment the schedule names\n"
    "  --first N            index of the first request, 0\n"
    "  --shuffle            ask for the indexes of --total in a mixed order\n"
    "  --key PATTERN        a run of # is the index, padded with zeros\n"
    "  --delay SECONDS      60\n"
    "  --spread SECONDS     up to so much is added to the delay, 0\n"
    "  --at EPOCH           all are due at this second, instead of a delay\n"
    "  --step SECONDS       with --at: every index this much later, 0\n"
    "  --slack SECONDS      how far a plan may be off, where the daemon goes by\n"
    "                       another machine's clock, 0\n"
    "  --count N            of createTimeout, 1\n"
    "  --action NAME        http\n"
    "  --param NAME=VALUE   {key} and {index} stand for the request's\n";

struct param {
  const char *name, *value;
};

struct options {
  const char *host, *port, *method, *key, *action;
  int connections, pipeline, count;
  int64_t total, first, interval_us, delay, spread, at, step, slack;
  double seconds, warmup;
  bool shuffle;
  struct param params[MOST_PARAMS];
  int param_count;
};

static void fail_usage(const char *about, const char *value) {
  fprintf(stderr, "thrift_load: %s: %s\n\n%s", about, value, usage);
  exit(2);
}

static int64_t whole_number(const char *text) {
  char *end;
  long long value = strtoll(text, &end, 10);
  if (end == text || *end != '\0' || value < 0) {
    fail_usage("not a whole number", text);
  }
  return value;
}

static double some_seconds(const char *text) {
  char *end;
  double value = strtod(text, &end);
  if (end == text || *end != '\0' || !(value >= 0)) {
    fail_usage("not a number of seconds", text);
  }
  return value;
}

static void add_param(struct options *o, char *text) {
  char *equals = strchr(text, '=');
  if (equals == NULL || o->param_count == MOST_PARAMS) {
    fail_usage("not a param, or one too many", text);
  }
  *equals = '\0';
  o->params[o->param_count++] = (struct param){text, equals + 1};
}

static struct options read_options(int argc, char **argv) {
  struct options o = {.host = "127.0.0.1",
                      .method = "createTimeout",
                      .key = "plan:###############",
                      .action = "http",
                      .connections = 1,
                      .pipeline = 1,
                      .count = 1,
                      .total = INT64_MAX,
                      .delay = 60,
                      .seconds = INFINITY};
  static const struct option names[] = {
      {"host", 1, 0, 'h'},       {"port", 1, 0, 'p'},
      {"connections", 1, 0, 'c'}, {"pipeline", 1, 0, 'd'},
      {"method", 1, 0, 'm'},     {"total", 1, 0, 'n'},
      {"seconds", 1, 0, 's'},    {"warmup", 1, 0, 'w'},
      {"interval-us", 1, 0, 'i'}, {"first", 1, 0, 'f'},
      {"shuffle", 0, 0, 'x'},    {"key", 1, 0, 'k'},
      {"delay", 1, 0, 'D'},      {"spread", 1, 0, 'S'},
      {"at", 1, 0, 'A'},         {"step", 1, 0, 'T'},
      {"slack", 1, 0, 'L'},
      {"count", 1, 0, 'C'},      {"action", 1, 0, 'a'},
      {"param", 1, 0, 'P'},      {0, 0, 0, 0},
  };
  for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
    switch (name) {
      case 'h': o.host = optarg; break;
      case 'p': o.port = optarg; break;
      case 'c': o.connections = (int)whole_number(optarg); break;
      case 'd': o.pipeline = (int)whole_number(optarg); break;
      case 'm': o.method = optarg; break;
      case 'n': o.total = whole_number(optarg); break;
      case 's': o.seconds = some_seconds(optarg); break;
      case 'w': o.warmup = some_seconds(optarg); break;
      case 'i': o.interval_us = whole_number(optarg); break;
      case 'f': o.first = whole_number(optarg); break;
      case 'x': o.shuffle = true; break;
      case 'k': o.key = optarg; break;
      case 'D': o.delay = whole_number(optarg); break;
      case 'S': o.spread = whole_number(optarg); break;
      case 'A': o.at = whole_number(optarg); break;
      case 'T': o.step = whole_number(optarg); break;
      case 'L': o.slack = whole_number(optarg); break;
      case 'C': o.count = (int)whole_number(optarg); break;
      case 'a': o.action = optarg; break;
      case 'P': add_param(&o, optarg); break;
      default: fputs(usage, stderr); exit(2);
    }
  }
  if (optind < argc) fail_usage("unexpected", argv[optind]);
  if (o.port == NULL) fail_usage("missing", "--port");
  if (o.connections < 1 || o.pipeline < 1) {
    fail_usage("must be 1 or more", "--connections, --pipeline");
  }
  if (o.shuffle && o.total == INT64_MAX) {
    fail_usage("needs --total", "--shuffle");
  }
  if (strlen(o.key) >= MOST_KEY_BYTES - 20) fail_usage("too long", o.key);
  return o;
}

/* Mixes the bits of a number; equal numbers stay equal. */
static uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdull;
  value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53ull;
  return value ^ (value >> 33);
}

/* The index of the n-th request: a permutation of all when they are shuffled. */
static int64_t index_of(const struct options *o, int64_t n) {
  if (!o->shuffle) return o->first + n;
  /* A Feistel network over the next even power of two, walked until it is in range. */
  int half = 1;
  while (((uint64_t)1 << (2 * half)) < (uint64_t)o->total) half++;
  uint64_t mask = ((uint64_t)1 << half) - 1, value = (uint64_t)n;
  do {
    uint64_t left = value >> half, right = value & mask;
    for (uint64_t round = 1; round <= 4; round++) {
      uint64_t next = left ^ (mix(right + (round << 40)) & mask);
      left = right;
      right = next;
    }
    value = left << half | right;
  } while (value >= (uint64_t)o->total);
  return o->first + (int64_t)value;
}

static size_t write_key(const struct options *o, int64_t index, char *target) {
  const char *run = strchr(o->key, '#');
  if (run == NULL) return (size_t)sprintf(target, "%s", o->key);
  int width = (int)strspn(run, "#");
  return (size_t)sprintf(target, "%.*s%0*lld%s", (int)(run - o->key), o->key,
                         width, (long long)index, run + width);
}

/* The delay, or the second, that a request's plan was asked to wait for. */
struct due {
  int64_t delay, second;
};

static struct due due_of(const struct options *o, int64_t index, int64_t now) {
  if (o->at > 0) {
    int64_t second = o->at + index * o->step;
    return (struct due){second > now ? second - now : 0, second};
  }
  int64_t more = o->spread == 0 ? 0 : (int64_t)(mix((uint64_t)index) %
                                                (uint64_t)(o->spread + 1));
  return (struct due){o->delay + more, now + o->delay + more};
}

/* One field holds up to 32767, so the delay goes into several. */
static void put_delay(struct buffer *b, int64_t delay) {
  int values[4] = {(int)(delay % 60), (int)(delay / 60 % 60),
                   (int)(delay / 3600 % 24), (int)(delay / 86400)};
  put_i16_field(b, 2, values[0]);
  for (int unit = 1; unit < 4; unit++) {
    put_i16_field(b, 2 + unit, values[unit] == 0 ? -1 : values[unit]);
  }
  put_i16_field(b, 6, -1);
  put_i16_field(b, 7, -1);
}

/* The fields of a calendar that reads UTC. */
static void put_moment(struct buffer *b, int64_t second) {
  time_t at = (time_t)second;
  struct tm moment;
  gmtime_r(&at, &moment);
  int values[] = {moment.tm_sec, moment.tm_min, moment.tm_hour,
                  moment.tm_mday, moment.tm_mon + 1, -1};
  for (int field = 0; field < 6; field++) {
    put_i16_field(b, 2 + field, values[field]);
  }
}

static void put_value(struct buffer *b, const char *value, const char *key,
                      int64_t index) {
  size_t before = b->end - b->start;
  put_u32(b, 0);
  for (const char *at = value; *at != '\0';) {
    if (strncmp(at, "{key}", 5) == 0) {
      put_bytes(b, key, strlen(key));
      at += 5;
    } else if (strncmp(at, "{index}", 7) == 0) {
      char digits[24];
      int length = sprintf(digits, "%lld", (long long)index);
      put_bytes(b, digits, (size_t)length);
      at += 7;
    } else {
      size_t plain = strcspn(at + 1, "{") + 1;
      put_bytes(b, at, plain);
      at += plain;
    }
  }
  uint8_t *length_at = b->bytes + b->start + before;
  store_u32(length_at, (uint32_t)(b->end - b->start - before - 4));
}

static bool is_method(const struct options *o, const char *name) {
  return strcmp(o->method, name) == 0;
}

/* Appends the request of `index`, as it is to be sent in the second `now`. */
static struct due put_request(struct buffer *b, const struct options *o,
                              int64_t index, int32_t seqid, int64_t now) {
  struct due due = due_of(o, index, now);
  char key[MOST_KEY_BYTES];
  size_t key_length = write_key(o, index, key);
  put_call(b, o->method, seqid);
  bool is_timeout = is_method(o, "createTimeout");
  bool is_creation = is_timeout || is_method(o, "create");
  if (is_creation || is_method(o, "get") || is_method(o, "remove")) {
    put_field(b, WIRE_STRING, 1);
    put_text(b, key, key_length);
  }
  if (is_creation) {
    int id = 8;
    if (is_timeout) {
      put_delay(b, due.delay);
      put_i16_field(b, id++, o->count);
    } else {
      put_moment(b, due.second);
    }
    put_field(b, WIRE_STRING, id++);
    put_text(b, o->action, strlen(o->action));
    put_field(b, WIRE_MAP, id);
    put_u8(b, WIRE_STRING);
    put_u8(b, WIRE_STRING);
    put_u32(b, (uint32_t)o->param_count);
    for (int param = 0; param < o->param_count; param++) {
      const char *name = o->params[param].name;
      put_text(b, name, strlen(name));
      put_value(b, o->params[param].value, key, index);
    }
  }
  put_u8(b, WIRE_STOP);
  return due;
}

#endif
