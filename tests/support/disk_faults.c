/*
 * Preloaded into a program (LD_PRELOAD), makes its file operations fail as a
 * test says. The file that FORSUN_FAULTS names holds lines of
 *
 *     CALL ERRNO PATH
 *
 * CALL is open, write, sync, cut or read, ERRNO a number, and PATH a part of
 * the paths that are meant. A negative ERRNO is a delay instead, in
 * milliseconds. The file is read again at every call. No other calls and no
 * other paths are touched.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { RULES_BYTES = 4096 };

/* Straight to the kernel: what is preloaded must not meet itself. */
static ssize_t read_rules(char *rules) {
  const char *path = getenv("FORSUN_FAULTS");
  if (path == NULL) return -1;
  long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t length = syscall(SYS_read, fd, rules, RULES_BYTES - 1);
  syscall(SYS_close, fd);
  if (length >= 0) rules[length] = '\0';
  return length;
}

static void wait_ms(int ms) {
  struct timespec time = {ms / 1000, ms % 1000 * 1000000L};
  while (nanosleep(&time, &time) != 0 && errno == EINTR);
}

/* Whether the call is to fail, with errno set then. */
static int fails(const char *call, const char *path) {
  char rules[RULES_BYTES];
  int before = errno;
  if (read_rules(rules) <= 0) {
    errno = before;
    return 0;
  }
  char *rest = rules, *line;
  while ((line = strsep(&rest, "\n")) != NULL) {
    char meant[16], part[256];
    int error;
    if (sscanf(line, "%15s %d %255s", meant, &error, part) != 3) continue;
    if (strcmp(meant, call) != 0 || strstr(path, part) == NULL) continue;
    if (error > 0) {
      errno = error;
      return 1;
    }
    wait_ms(-error);
  }
  errno = before;
  return 0;
}

static int fails_at(const char *call, int fd) {
  char link[64], path[PATH_MAX];
  int before = errno;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  errno = before;
  if (length < 0 || path[0] != '/') return 0;
  path[length] = '\0';
  return fails(call, path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t count) {
  return fails_at("write", fd) ? -1 : REAL(write)(fd, bytes, count);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  return fails_at("write", fd) ? -1 : REAL(writev)(fd, parts, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  return fails_at("write", fd) ? -1 : REAL(pwrite64)(fd, bytes, count, at);
}

ssize_t read(int fd, void *bytes, size_t count) {
  return fails_at("read", fd) ? -1 : REAL(read)(fd, bytes, count);
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t at) {
  return fails_at("read", fd) ? -1 : REAL(pread64)(fd, bytes, count, at);
}

int fsync(int fd) { return fails_at("sync", fd) ? -1 : REAL(fsync)(fd); }

int fdatasync(int fd) {
  return fails_at("sync", fd) ? -1 : REAL(fdatasync)(fd);
}

int ftruncate64(int fd, off64_t length) {
  return fails_at("cut", fd) ? -1 : REAL(ftruncate64)(fd, length);
}

int ftruncate(int fd, off_t length) {
  return fails_at("cut", fd) ? -1 : REAL(ftruncate)(fd, length);
}

/* The mode is there only where the flags ask for it; reading it does no harm. */
#define MODE_OF(mode, last)  \
  mode_t mode;               \
  {                          \
    va_list rest;            \
    va_start(rest, last);    \
    mode = va_arg(rest, int);\
    va_end(rest);            \
  }

int open64(const char *path, int flags, ...) {
  MODE_OF(mode, flags)
  return fails("open", path) ? -1 : REAL(open64)(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  MODE_OF(mode, flags)
  return fails("open", path) ? -1 : REAL(open)(path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
  MODE_OF(mode, flags)
  return fails("open", path) ? -1 : REAL(openat64)(folder, path, flags, mode);
}
