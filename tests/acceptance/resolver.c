/* Name look-ups as a test wants them, loaded before the C library's: names below "test" are looked
 * up in the file that WIREWATCH_NAMES names, one "NAME ADDRESS ADDRESS..." a line, read anew each
 * time. A name without addresses hangs. All others are looked up as usual. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int (*look_up)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static int is_test(const char *name) {
  size_t size = name ? strlen(name) : 0;
  return size > 5 && strcmp(name + size - 5, ".test") == 0;
}

static int from_line(char *line, const char *service, const struct addrinfo *hints,
                     struct addrinfo **result, look_up real) {
  struct addrinfo **end = result;
  struct addrinfo numeric = *hints;
  char *word = strtok(line, " \n");
  numeric.ai_flags |= AI_NUMERICHOST;
  *result = NULL;
  for (word = strtok(NULL, " \n"); word; word = strtok(NULL, " \n")) {
    if (real(word, service, &numeric, end) != 0) *end = NULL;
    while (*end) end = &(*end)->ai_next;
  }
  return *result ? 0 : EAI_NONAME;
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **result) {
  look_up real = (look_up)dlsym(RTLD_NEXT, "getaddrinfo");
  char line[1024];
  FILE *names;
  if (!is_test(name)) return real(name, service, hints, result);
  names = fopen(getenv("WIREWATCH_NAMES"), "r");
  while (names && fgets(line, sizeof line, names)) {
    size_t size = strlen(name);
    if (strncmp(line, name, size) != 0 || strchr(" \n", line[size]) == NULL) continue;
    fclose(names);
    if (line[size] == '\n') {
      sleep(600);
      return EAI_AGAIN;
    }
    return from_line(line, service, hints, result, real);
  }
  if (names) fclose(names);
  return EAI_NONAME;
}
