#include "json-reader.h"

#include <string.h>

enum { DEPTH_MAX = 200 };

typedef struct {
    const unsigned char *at, *end;
    int depth;
} cursor;

static int peek(cursor *c) {
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n' || *c->at == '\r')) {
        c->at++;
    }
    return c->at < c->end ? *c->at : -1;
}

static bool eat(cursor *c, int character) {
    if (peek(c) != character) {
        return false;
    }
    c->at++;
    return true;
}

/* Length of the UTF-8 sequence here; 0: not one. */
static size_t utf8_sequence(const unsigned char *at, const unsigned char *end) {
    size_t left = (size_t)(end - at);
    unsigned char a = at[0];
    if (a < 0x80) {
        return 1;
    }
    size_t length = a >= 0xC2 && a <= 0xDF ? 2 : (a & 0xF0) == 0xE0 ? 3 : a >= 0xF0 && a <= 0xF4 ? 4 : 0;
    if (length == 0 || left < length) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    unsigned char b = at[1];
    bool overlong = (a == 0xE0 && b < 0xA0) || (a == 0xF0 && b < 0x90);
    bool surrogate = a == 0xED && b > 0x9F;
    bool beyond = a == 0xF4 && b > 0x8F;
    return overlong || surrogate || beyond ? 0 : length;
}

bool utf8_is_valid(const char *bytes, size_t length) {
    const unsigned char *at = (const unsigned char *)bytes, *end = at + length;
    while (at < end) {
        size_t step = utf8_sequence(at, end);
        if (step == 0) {
            return false;
        }
        at += step;
    }
    return true;
}

static bool hex4(cursor *c, unsigned *value) {
    *value = 0;
    if (c->end - c->at < 4) {
        return false;
    }
    for (int i = 0; i < 4; i++) {
        unsigned char h = *c->at++;
        unsigned digit;
        if (h >= '0' && h <= '9') {
            digit = h - '0';
        } else if ((h | 0x20) >= 'a' && (h | 0x20) <= 'f') {
            digit = (unsigned)(h | 0x20) - 'a' + 10;
        } else {
            return false;
        }
        *value = *value * 16 + digit;
    }
    return true;
}

static void add_code_point(text *out, unsigned p) {
    char b[4];
    size_t n;
    if (p < 0x80) {
        b[0] = (char)p;
        n = 1;
    } else if (p < 0x800) {
        b[0] = (char)(0xC0 | p >> 6);
        b[1] = (char)(0x80 | (p & 0x3F));
        n = 2;
    } else if (p < 0x10000) {
        b[0] = (char)(0xE0 | p >> 12);
        b[1] = (char)(0x80 | (p >> 6 & 0x3F));
        b[2] = (char)(0x80 | (p & 0x3F));
        n = 3;
    } else {
        b[0] = (char)(0xF0 | p >> 18);
        b[1] = (char)(0x80 | (p >> 12 & 0x3F));
        b[2] = (char)(0x80 | (p >> 6 & 0x3F));
        b[3] = (char)(0x80 | (p & 0x3F));
        n = 4;
    }
    text_add(out, b, n);
}

static bool read_escape(cursor *c, text *out) {
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    if (c->at == c->end) {
        return false;
    }
    unsigned char kind = *c->at++;
    if (kind != 'u') {
        const char *found = kind == 0 ? NULL : strchr(names, kind);
        if (found == NULL) {
            return false;
        }
        if (out != NULL) {
            text_add(out, &values[found - names], 1);
        }
        return true;
    }
    unsigned point, low;
    if (!hex4(c, &point) || (point >= 0xDC00 && point <= 0xDFFF)) {
        return false;
    }
    if (point >= 0xD800 && point <= 0xDBFF) {
        if (c->end - c->at < 2 || c->at[0] != '\\' || c->at[1] != 'u') {
            return false;
        }
        c->at += 2;
        if (!hex4(c, &low) || low < 0xDC00 || low > 0xDFFF) {
            return false;
        }
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    }
    if (out != NULL) {
        add_code_point(out, point);
    }
    return true;
}

/* `out` may be NULL. It ends up non-NULL (empty, if need be) on success. */
static bool read_string(cursor *c, text *out) {
    if (!eat(c, '"')) {
        return false;
    }
    if (out != NULL) {
        text_add(out, "", 0);
    }
    while (c->at < c->end && *c->at != '"') {
        if (*c->at < 0x20) {
            return false;
        }
        if (*c->at == '\\') {
            c->at++;
            if (!read_escape(c, out)) {
                return false;
            }
            continue;
        }
        size_t step = utf8_sequence(c->at, c->end);
        if (step == 0) {
            return false;
        }
        if (out != NULL) {
            text_add(out, (const char *)c->at, step);
        }
        c->at += step;
    }
    if (c->at == c->end) {
        return false;
    }
    c->at++;
    return true;
}

static bool digits(cursor *c) {
    const unsigned char *from = c->at;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9') {
        c->at++;
    }
    return c->at > from;
}

static bool skip_number(cursor *c) {
    if (*c->at == '-') {
        c->at++;
    }
    if (c->at < c->end && *c->at == '0') {
        c->at++;
    } else if (!digits(c)) {
        return false;
    }
    if (c->at < c->end && *c->at == '.') {
        c->at++;
        if (!digits(c)) {
            return false;
        }
    }
    if (c->at < c->end && (*c->at | 0x20) == 'e') {
        c->at++;
        if (c->at < c->end && (*c->at == '+' || *c->at == '-')) {
            c->at++;
        }
        return digits(c);
    }
    return true;
}

static bool skip_word(cursor *c, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(c->end - c->at) < length || memcmp(c->at, word, length) != 0) {
        return false;
    }
    c->at += length;
    return true;
}

static bool skip_value(cursor *c);

static bool skip_members(cursor *c, bool named, int close) {
    c->at++;
    if (++c->depth > DEPTH_MAX) {
        return false;
    }
    if (!eat(c, close)) {
        do {
            if (named && (!read_string(c, NULL) || !eat(c, ':'))) {
                return false;
            }
            if (!skip_value(c)) {
                return false;
            }
        } while (eat(c, ','));
        if (!eat(c, close)) {
            return false;
        }
    }
    c->depth--;
    return true;
}

static bool skip_value(cursor *c) {
    switch (peek(c)) {
    case '{':
        return skip_members(c, true, '}');
    case '[':
        return skip_members(c, false, ']');
    case '"':
        return read_string(c, NULL);
    case 't':
        return skip_word(c, "true");
    case 'f':
        return skip_word(c, "false");
    case 'n':
        return skip_word(c, "null");
    case -1:
        return false;
    default:
        return skip_number(c);
    }
}

static cursor begin(const char *json, size_t length) {
    cursor c = {(const unsigned char *)json, (const unsigned char *)json + length, 0};
    return c;
}

bool json_is_object(const char *json, size_t length) {
    cursor c = begin(json, length);
    return peek(&c) == '{' && skip_value(&c) && peek(&c) == -1;
}

bool json_is_list_of_objects(const char *json, size_t length) {
    cursor c = begin(json, length);
    bool good = eat(&c, '[');
    if (good && !eat(&c, ']')) {
        do {
            good = peek(&c) == '{' && skip_value(&c);
        } while (good && eat(&c, ','));
        good = good && eat(&c, ']');
    }
    return good && peek(&c) == -1;
}

bool json_read_ids(const char *json, size_t length, text_list *ids) {
    cursor c = begin(json, length);
    size_t room = 0;
    *ids = (text_list){0};
    bool good = eat(&c, '[');
    if (good && !eat(&c, ']')) {
        do {
            text id = {0};
            good = read_string(&c, &id);
            if (!good) {
                text_free(&id);
                break;
            }
            if (ids->count == room) {
                room = room * 2 + 8;
                ids->items = take_more(ids->items, room * sizeof *ids->items, PASSING);
            }
            ids->items[ids->count++] = id;
        } while (eat(&c, ','));
        good = good && eat(&c, ']');
    }
    good = good && peek(&c) == -1;
    if (!good) {
        text_list_free(ids);
    }
    return good;
}

void text_list_free(text_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        text_free(&list->items[i]);
    }
    give(list->items, PASSING);
    *list = (text_list){0};
}

static bool read_type(cursor *c, int *type) {
    int64_t value = 0;
    if (peek(c) < '0' || peek(c) > '9') {
        return false;
    }
    const unsigned char *from = c->at;
    if (!skip_number(c)) {
        return false;
    }
    for (; from < c->at; from++) {
        if (*from < '0' || *from > '9' || value > 1000000) {
            return false;
        }
        value = value * 10 + (*from - '0');
    }
    *type = (int)value;
    return true;
}

static bool read_conversation(cursor *c, conv_info *info) {
    if (peek(c) != '{') {
        return false;
    }
    info->source = (const char *)c->at;
    info->type = -1;
    c->at++;
    if (eat(c, '}')) {
        return false;
    }
    do {
        text key = {0};
        bool good = read_string(c, &key) && eat(c, ':');
        if (good && strcmp(key.bytes, "conv_id") == 0) {
            text_free(&info->id);
            good = read_string(c, &info->id);
        } else if (good && strcmp(key.bytes, "conv_type") == 0) {
            good = read_type(c, &info->type);
        } else {
            good = good && skip_value(c);
        }
        text_free(&key);
        if (!good) {
            return false;
        }
    } while (eat(c, ','));
    if (!eat(c, '}')) {
        return false;
    }
    info->source_length = (size_t)((const char *)c->at - info->source);
    return info->type >= 0 && info->id.length > 0 && memchr(info->id.bytes, 0, info->id.length) == NULL;
}

bool json_read_conversations(const char *json, size_t length, void (*visit)(const conv_info *, void *), void *context) {
    cursor c = begin(json, length);
    if (!eat(&c, '[')) {
        return false;
    }
    if (!eat(&c, ']')) {
        do {
            conv_info info = {0};
            bool good = read_conversation(&c, &info);
            if (good && visit != NULL) {
                visit(&info, context);
            }
            text_free(&info.id);
            if (!good) {
                return false;
            }
        } while (eat(&c, ','));
        if (!eat(&c, ']')) {
            return false;
        }
    }
    return peek(&c) == -1;
}
