#define _DEFAULT_SOURCE
#include "memory.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "internal.h"

static _Atomic int64_t live, total;

static void *checked(void *memory) {
    if (memory == NULL) {
        fputs("libimsdk-standin: out of memory\n", stderr);
        abort();
    }
    return memory;
}

static void count_one(lifetime life) {
    if (life == PASSING) {
        atomic_fetch_add(&live, 1);
        atomic_fetch_add(&total, 1);
    }
}

void *take(size_t size, lifetime life) {
    count_one(life);
    return checked(calloc(1, size));
}

void *take_more(void *old, size_t size, lifetime life) {
    if (old == NULL) {
        count_one(life);
    }
    return checked(realloc(old, size));
}

void give(void *memory, lifetime life) {
    if (memory != NULL && life == PASSING) {
        atomic_fetch_sub(&live, 1);
    }
    free(memory);
}

char *take_copy(const void *bytes, size_t length, lifetime life) {
    char *copy = take(length + 1, life);
    if (length > 0) {
        memcpy(copy, bytes, length);
    }
    return copy;
}

/* Through a volatile pointer: a compiler may drop a plain memset before free. */
void poison(void *memory, size_t size) {
    volatile unsigned char *at = memory;
    for (size_t i = 0; i < size; i++) {
        at[i] = 0xDD;
    }
}

bool is_poisoned(const void *memory, size_t size) {
    const volatile unsigned char *at = memory;
    for (size_t i = 0; i < size; i++) {
        if (at[i] != 0xDD) {
            return false;
        }
    }
    return true;
}

void *take_pages(size_t size) {
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    count_one(PASSING);
    return checked(pages == MAP_FAILED ? NULL : pages);
}

bool give_pages(void *memory, size_t size) {
    bool unmapped = munmap(memory, size) == 0;
    atomic_fetch_sub(&live, 1);
    return unmapped;
}

int64_t standin_live_allocations(void) {
    return atomic_load(&live);
}

int64_t standin_total_allocations(void) {
    return atomic_load(&total);
}

text text_of(const char *string) {
    text t = {0};
    if (string != NULL) {
        text_say(&t, string);
    }
    return t;
}

text text_copy(const text *other) {
    text t = {0};
    if (other->bytes != NULL) {
        text_add(&t, other->bytes, other->length);
    }
    return t;
}

static char *text_grow(text *t, size_t more) {
    if (t->length + more + 1 > t->room) {
        size_t room = t->room * 2 > t->length + more + 1 ? t->room * 2 : t->length + more + 1;
        t->bytes = take_more(t->bytes, room, PASSING);
        t->room = room;
    }
    char *end = t->bytes + t->length;
    t->length += more;
    t->bytes[t->length] = '\0';
    return end;
}

void text_add(text *t, const char *bytes, size_t length) {
    char *end = text_grow(t, length);
    if (length > 0) {
        memcpy(end, bytes, length);
    }
}

void text_say(text *t, const char *string) {
    text_add(t, string, strlen(string));
}

void text_number(text *t, int64_t number) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRId64, number);
    text_add(t, digits, (size_t)length);
}

void text_json_string(text *t, const char *bytes, size_t length) {
    text_say(t, "\"");
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '"' || c == '\\') {
            char escaped[2] = {'\\', (char)c};
            text_add(t, escaped, 2);
        } else if (c < 0x20) {
            char escaped[8];
            snprintf(escaped, sizeof escaped, "\\u%04x", c);
            text_say(t, escaped);
        } else {
            text_add(t, &bytes[i], 1);
        }
    }
    text_say(t, "\"");
}

void text_fill(text *t, char character, size_t count) {
    memset(text_grow(t, count), character, count);
}

void text_free(text *t) {
    give(t->bytes, PASSING);
    *t = (text){0};
}
