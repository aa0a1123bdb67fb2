/* Reads just the JSON that crosses this API, strictly: RFC 8259 grammar, valid UTF-8, no unpaired surrogates. */
#ifndef CHATBRIDGE_STANDIN_JSON_READER_H
#define CHATBRIDGE_STANDIN_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "memory.h"

/* One ConvInfo: its bare id, its type, and the object as it stood in the source. */
typedef struct {
    text id;
    int type;
    const char *source;
    size_t source_length;
} conv_info;

typedef struct {
    text *items;
    size_t count;
} text_list;

bool utf8_is_valid(const char *bytes, size_t length);
bool json_is_object(const char *json, size_t length);
bool json_is_list_of_objects(const char *json, size_t length);

/* False, and no ids, unless the whole is an array of strings. */
bool json_read_ids(const char *json, size_t length, text_list *ids);
void text_list_free(text_list *list);

/* Calls `visit` for each element; the whole is read first with a NULL `visit`. False unless it is an array of objects,
   each with a string conv_id that is not empty and holds no NUL, and an integer conv_type from 0 up. */
bool json_read_conversations(const char *json, size_t length, void (*visit)(const conv_info *, void *), void *context);

#endif
