/* Counted memory and growing text. */
#ifndef CHATBRIDGE_STANDIN_MEMORY_H
#define CHATBRIDGE_STANDIN_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Calls and events are counted (standin_live_allocations must return to 0); what lasts (stores, logs) is not. */
typedef enum { LASTING, PASSING } lifetime;

void *take(size_t size, lifetime life); /* zeroed; never NULL */
void *take_more(void *old, size_t size, lifetime life);
void give(void *memory, lifetime life);
char *take_copy(const void *bytes, size_t length, lifetime life); /* with a NUL after it */
void poison(void *memory, size_t size);
bool is_poisoned(const void *memory, size_t size);

/* Passing memory on pages of its own, unmapped by give_pages. */
void *take_pages(size_t size);
bool give_pages(void *memory, size_t size); /* false: the system did not unmap them */

/* Bytes with a NUL after them. `bytes` NULL stands for a NULL string. */
typedef struct {
    char *bytes;
    size_t length, room;
} text;

text text_of(const char *string); /* NULL stays NULL */
text text_copy(const text *other);
void text_add(text *t, const char *bytes, size_t length);
void text_say(text *t, const char *string);
void text_number(text *t, int64_t number);
void text_json_string(text *t, const char *bytes, size_t length); /* quoted and escaped */
void text_fill(text *t, char character, size_t count);
void text_free(text *t);

#endif
