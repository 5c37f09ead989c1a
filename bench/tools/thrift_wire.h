/*
 * As much of Thrift's strict binary protocol as a client needs: calls are
 * appended to a growing buffer, replies are read from bytes that may still be
 * incomplete.
 */
#ifndef THRIFT_WIRE_H
#define THRIFT_WIRE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum wire_type {
  WIRE_STOP = 0,
  WIRE_BOOL = 2,
  WIRE_BYTE = 3,
  WIRE_DOUBLE = 4,
  WIRE_I16 = 6,
  WIRE_I32 = 8,
  WIRE_I64 = 10,
  WIRE_STRING = 11,
  WIRE_STRUCT = 12,
  WIRE_MAP = 13,
  WIRE_SET = 14,
  WIRE_LIST = 15,
};

enum message_type { MESSAGE_CALL = 1, MESSAGE_REPLY = 2, MESSAGE_EXCEPTION = 3 };

static const uint32_t STRICT_VERSION = 0x80010000u;

struct buffer {
  uint8_t *bytes;
  size_t start, end, size;
};

/* Room for `count` bytes behind the end. What was consumed in front is given up first. */
static uint8_t *buffer_room(struct buffer *b, size_t count) {
  if (b->size - b->end < count) {
    memmove(b->bytes, b->bytes + b->start, b->end - b->start);
    b->end -= b->start;
    b->start = 0;
  }
  if (b->size - b->end < count) {
    b->size = 2 * (b->end + count);
    b->bytes = realloc(b->bytes, b->size);
    if (b->bytes == NULL) {
      fprintf(stderr, "out of memory\n");
      exit(2);
    }
  }
  return b->bytes + b->end;
}

static void put_u8(struct buffer *b, uint8_t value) {
  *buffer_room(b, 1) = value;
  b->end += 1;
}

static void put_u16(struct buffer *b, uint16_t value) {
  uint8_t *room = buffer_room(b, 2);
  room[0] = (uint8_t)(value >> 8);
  room[1] = (uint8_t)value;
  b->end += 2;
}

static void store_u32(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 24);
  at[1] = (uint8_t)(value >> 16);
  at[2] = (uint8_t)(value >> 8);
  at[3] = (uint8_t)value;
}

static void put_u32(struct buffer *b, uint32_t value) {
  store_u32(buffer_room(b, 4), value);
  b->end += 4;
}

static void put_bytes(struct buffer *b, const void *bytes, size_t count) {
  memcpy(buffer_room(b, count), bytes, count);
  b->end += count;
}

static void put_text(struct buffer *b, const char *text, size_t length) {
  put_u32(b, (uint32_t)length);
  put_bytes(b, text, length);
}

static void put_field(struct buffer *b, enum wire_type type, int id) {
  put_u8(b, (uint8_t)type);
  put_u16(b, (uint16_t)id);
}

static void put_i16_field(struct buffer *b, int id, int value) {
  put_field(b, WIRE_I16, id);
  put_u16(b, (uint16_t)(int16_t)value);
}

static void put_call(struct buffer *b, const char *method, int32_t seqid) {
  put_u32(b, STRICT_VERSION | MESSAGE_CALL);
  put_text(b, method, strlen(method));
  put_u32(b, (uint32_t)seqid);
}

/* Reads until something is missing or wrong; from then on everything reads as zero. */
struct cursor {
  const uint8_t *at, *end;
  enum { CURSOR_GOOD, CURSOR_SHORT, CURSOR_BROKEN } state;
};

struct text {
  const char *bytes;
  uint32_t length;
};

static const uint8_t *take(struct cursor *c, size_t count) {
  if (c->state != CURSOR_GOOD) return NULL;
  if ((size_t)(c->end - c->at) < count) {
    c->state = CURSOR_SHORT;
    return NULL;
  }
  const uint8_t *at = c->at;
  c->at += count;
  return at;
}

static uint8_t take_u8(struct cursor *c) {
  const uint8_t *at = take(c, 1);
  return at == NULL ? 0 : at[0];
}

static uint16_t take_u16(struct cursor *c) {
  const uint8_t *at = take(c, 2);
  return at == NULL ? 0 : (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t take_u32(struct cursor *c) {
  const uint8_t *at = take(c, 4);
  if (at == NULL) return 0;
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
         at[3];
}

static struct text take_text(struct cursor *c) {
  struct text text = {NULL, take_u32(c)};
  if (text.length > 64u << 20) c->state = CURSOR_BROKEN;
  const uint8_t *at = take(c, text.length);
  if (at == NULL) text.length = 0;
  text.bytes = (const char *)at;
  return text;
}

static void pass_value(struct cursor *c, uint8_t type, int depth) {
  if (depth > 16) c->state = CURSOR_BROKEN;
  if (c->state != CURSOR_GOOD) return;
  switch (type) {
    case WIRE_BOOL:
    case WIRE_BYTE:
      take(c, 1);
      return;
    case WIRE_I16:
      take(c, 2);
      return;
    case WIRE_I32:
      take(c, 4);
      return;
    case WIRE_I64:
    case WIRE_DOUBLE:
      take(c, 8);
      return;
    case WIRE_STRING:
      take_text(c);
      return;
    case WIRE_STRUCT:
      for (uint8_t field; (field = take_u8(c)) != WIRE_STOP;) {
        take(c, 2);
        pass_value(c, field, depth + 1);
      }
      return;
    case WIRE_MAP: {
      uint8_t key = take_u8(c), value = take_u8(c);
      for (uint32_t left = take_u32(c); left > 0; left--) {
        if (c->state != CURSOR_GOOD) return;
        pass_value(c, key, depth + 1);
        pass_value(c, value, depth + 1);
      }
      return;
    }
    case WIRE_LIST:
    case WIRE_SET: {
      uint8_t element = take_u8(c);
      for (uint32_t left = take_u32(c); left > 0; left--) {
        if (c->state != CURSOR_GOOD) return;
        pass_value(c, element, depth + 1);
      }
      return;
    }
    default:
      c->state = CURSOR_BROKEN;
  }
}

/* What a reply says; texts point into the bytes that it was read from. */
struct reply {
  uint8_t type;
  struct text method;
  int32_t seqid;
  bool has_success, has_plan;
  struct text plan_key;
  int32_t plan_next_time;
  bool is_refused;
  int code;
  struct text message;
};

static void take_plan(struct cursor *c, struct reply *reply) {
  reply->has_plan = true;
  for (uint8_t type; (type = take_u8(c)) != WIRE_STOP;) {
    uint16_t id = take_u16(c);
    if (id == 2 && type == WIRE_STRING) {
      reply->plan_key = take_text(c);
    } else if (id == 9 && type == WIRE_I32) {
      reply->plan_next_time = (int32_t)take_u32(c);
    } else {
      pass_value(c, type, 0);
    }
  }
}

/* A ForsunPlanError or a TApplicationException: a number and a text, whatever their order. */
static void take_error(struct cursor *c, struct reply *reply) {
  for (uint8_t type; (type = take_u8(c)) != WIRE_STOP;) {
    take(c, 2);
    if (type == WIRE_I16) {
      reply->code = (int16_t)take_u16(c);
    } else if (type == WIRE_I32) {
      reply->code = (int32_t)take_u32(c);
    } else if (type == WIRE_STRING) {
      reply->message = take_text(c);
    } else {
      pass_value(c, type, 0);
    }
  }
}

/* Reads one reply; the cursor's state tells whether it was complete and sound. */
static struct reply take_reply(struct cursor *c) {
  struct reply reply = {0};
  uint32_t head = take_u32(c);
  if (c->state == CURSOR_GOOD && (head & 0xffffff00u) != STRICT_VERSION) {
    c->state = CURSOR_BROKEN;
  }
  reply.type = (uint8_t)head;
  reply.method = take_text(c);
  reply.seqid = (int32_t)take_u32(c);
  if (reply.type == MESSAGE_EXCEPTION) {
    take_error(c, &reply);
    return reply;
  }
  for (uint8_t type; (type = take_u8(c)) != WIRE_STOP;) {
    uint16_t id = take_u16(c);
    if (id == 0) {
      reply.has_success = true;
      if (type == WIRE_STRUCT) {
        take_plan(c, &reply);
      } else {
        pass_value(c, type, 0);
      }
    } else if (type == WIRE_STRUCT) {
      reply.is_refused = true;
      take_error(c, &reply);
    } else {
      c->state = CURSOR_BROKEN;
    }
  }
  return reply;
}

#endif
