// Does to files what it is told, as any program in C would: a command is a verb and what it is about, with blanks between them.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char answer[65536];
static struct { const char *at; size_t length; } result;

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
  (void)old_size, (void)align;
  return realloc(old, size ? size : 1);
}

static void failed(void) {
  const char *name = errno == ENOENT ? "ENOENT" : errno == EPERM ? "EPERM" : errno == EACCES ? "EACCES" : 0;
  if (!name && errno == ENOTCAPABLE) name = "ENOTCAPABLE";
  if (!name && errno == EFBIG) name = "EFBIG";
  if (name) snprintf(answer, sizeof answer, "%s", name);
  else snprintf(answer, sizeof answer, "errno %d: %s", errno, strerror(errno));
}

static int kept = -1;

static void perform(const char *verb, const char *one, const char *two) {
  int outcome = 0;
  strcpy(answer, "ok");
  if (!strcmp(verb, "read") || !strcmp(verb, "open")) {
    int file = open(one, O_RDONLY);
    ssize_t count = file < 0 ? -1 : read(file, answer, sizeof answer - 1);
    outcome = count < 0 ? -1 : 0;
    if (count >= 0) answer[count] = 0;
    if (!strcmp(verb, "open")) kept = file;
    else if (file >= 0) close(file);
  } else if (!strcmp(verb, "again")) {
    ssize_t count = pread(kept, answer, sizeof answer - 1, 0);
    outcome = count < 0 ? -1 : 0;
    if (count >= 0) answer[count] = 0;
  } else if (!strcmp(verb, "write")) {
    int file = open(one, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    outcome = file < 0 || write(file, two, strlen(two)) < 0 ? -1 : 0;
    if (file >= 0) close(file);
  } else if (!strcmp(verb, "grow")) {
    int file = open(one, O_WRONLY | O_CREAT, 0600);
    outcome = file < 0 || ftruncate(file, atoll(two)) < 0 ? -1 : 0;
    if (file >= 0) close(file);
  } else if (!strcmp(verb, "list")) {
    DIR *directory = opendir(one);
    if (!directory) outcome = -1;
    else {
      answer[0] = 0;
      errno = 0;
      for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        if (entry->d_name[0] == '.') continue;
        strcat(answer, entry->d_name);
        strcat(answer, " ");
      }
      if (errno) outcome = -1;
      closedir(directory);
    }
  } else if (!strcmp(verb, "stat")) {
    struct stat found;
    outcome = stat(one, &found);
    if (!outcome) snprintf(answer, sizeof answer, "%s %lld", S_ISDIR(found.st_mode) ? "directory" : "file", found.st_size);
  } else if (!strcmp(verb, "unlink")) outcome = unlink(one);
  else if (!strcmp(verb, "mkdir")) outcome = mkdir(one, 0700);
  else if (!strcmp(verb, "rmdir")) outcome = rmdir(one);
  else if (!strcmp(verb, "rename")) outcome = rename(one, two);
  else if (!strcmp(verb, "symlink")) outcome = symlink(one, two);
  else if (!strcmp(verb, "link")) outcome = link(one, two);
  else if (!strcmp(verb, "env")) {
    const char *value = getenv(one);
    snprintf(answer, sizeof answer, "%s", value ? value : "not set");
  } else strcpy(answer, "unknown");
  if (outcome < 0) failed();
}

__attribute__((export_name("run"))) const void *run(const char *text, size_t length) {
  char command[4096] = {0};
  memcpy(command, text, length < sizeof command ? length : sizeof command - 1);
  const char *verb = strtok(command, " ");
  const char *one = strtok(0, " ");
  const char *two = strtok(0, " ");
  perform(verb ? verb : "", one ? one : "", two ? two : "");
  result.at = answer;
  result.length = strlen(answer);
  return &result;
}
