/* The main job on a hub's folder: who is how far from which job, what employers need, where people
 * are short, which bridges lead there and which training to buy. It writes every table into a
 * folder, and prints what `passerelle --lang LANGUAGE hub FOLDER -o TABLES` prints, byte for byte.
 *
 * Usage: main_job FOLDER TABLES LANGUAGE */
#include <passerelle.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program. */
static void fail(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* Ends the program unless a call succeeded. */
static void must(passerelle_status status, const char *what) {
    if (status != PASSERELLE_STATUS_OK) {
        const char *message = "";
        size_t length = 0;
        passerelle_last_message(&message, &length);
        fprintf(stderr, "%s: %d: %.*s\n", what, (int)status, (int)length, message);
        exit(1);
    }
}

static void *must_have(void *memory) {
    if (memory == NULL) {
        fail("out of memory");
    }
    return memory;
}

/* Texts, one after the other. */
typedef struct {
    char **texts;
    size_t count, room;
} list;

static void push(list *all, char *text) {
    if (all->count == all->room) {
        all->room = all->room == 0 ? 16 : all->room * 2;
        all->texts = must_have(realloc(all->texts, all->room * sizeof *all->texts));
    }
    all->texts[all->count++] = text;
}

static void drop(list *all) {
    for (size_t at = 0; at < all->count; at++) {
        free(all->texts[at]);
    }
    free(all->texts);
    memset(all, 0, sizeof *all);
}

/* A place in a text of JSON. The library's answers are sound; a program that reads others' uses a
 * library for it. */
typedef struct {
    const char *at;
} reader;

static void skip(reader *json) { json->at += strspn(json->at, " \n\r\t"); }

/* Whether this is what comes next; then it is read. */
static bool take(reader *json, char what) {
    skip(json);
    if (*json->at != what) {
        return false;
    }
    json->at++;
    return true;
}

static void expect(reader *json, char what) {
    if (!take(json, what)) {
        fail("the answer is of another form");
    }
}

/* The bytes of one character in UTF-8. */
static size_t encode(unsigned long code, char *out) {
    static const unsigned char LEADS[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t at = length; at-- > 0; code >>= 6) {
        out[at] = (char)(at > 0 ? 0x80 | (code & 0x3F) : LEADS[length] | code);
    }
    return length;
}

/* Four hexadecimal digits. */
static unsigned long hexadecimal(reader *json) {
    char digits[5] = {0};
    strncpy(digits, json->at, 4);
    json->at += strlen(digits);
    return strtoul(digits, NULL, 16);
}

/* What stands behind a backslash, in UTF-8. */
static size_t unescape(reader *json, char *out) {
    static const char NAMES[] = "bfnrt", MEANT[] = "\b\f\n\r\t";
    char name = *json->at++;
    if (name == 'u') {
        unsigned long code = hexadecimal(json);
        if (code >= 0xD800 && code < 0xDC00 && json->at[0] == '\\' && json->at[1] == 'u') {
            json->at += 2;
            code = 0x10000 + ((code - 0xD800) << 10) + (hexadecimal(json) - 0xDC00);
        }
        return encode(code, out);
    }
    const char *known = strchr(NAMES, name);
    *out = known == NULL || name == '\0' ? name : MEANT[known - NAMES];
    return 1;
}

/* A string, to be freed. */
static char *string(reader *json) {
    expect(json, '"');
    const char *end = json->at;
    while (*end != '"' && *end != '\0') {
        end += end[0] == '\\' && end[1] != '\0' ? 2 : 1;
    }
    if (*end == '\0') {
        fail("the answer ends within a string");
    }
    /* Nothing is longer than it was escaped. */
    char *text = must_have(malloc((size_t)(end - json->at) + 1)), *out = text;
    while (json->at < end) {
        char next = *json->at++;
        if (next == '\\') {
            out += unescape(json, out);
        } else {
            *out++ = next;
        }
    }
    json->at = end + 1;
    *out = '\0';
    return text;
}

/* The name of a member must be this one. */
static void member(reader *json, const char *name) {
    char *found = string(json);
    if (strcmp(found, name) != 0) {
        fail("the answer has another member");
    }
    free(found);
    expect(json, ':');
}

/* An array of strings. */
static void strings(reader *json, list *into) {
    expect(json, '[');
    if (take(json, ']')) {
        return;
    }
    do {
        push(into, string(json));
    } while (take(json, ','));
    expect(json, ']');
}

/* Characters of UTF-8. */
static size_t characters(const char *text) {
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return count;
}

/* Cells row by row; numbers stand to the right from a column on. */
static void print_table(const list *cells, size_t columns, size_t numbers) {
    size_t *widths = must_have(calloc(columns, sizeof *widths));
    for (size_t at = 0; at < cells->count; at++) {
        size_t width = characters(cells->texts[at]);
        if (width > widths[at % columns]) {
            widths[at % columns] = width;
        }
    }
    for (size_t at = 0; at < cells->count; at++) {
        size_t column = at % columns;
        const char *cell = cells->texts[at];
        int rest = (int)(widths[column] - characters(cell));
        int before = column >= numbers ? rest : 0;
        printf(" %*s%s%*s %s", before, "", cell, rest - before, "", column + 1 == columns ? "\n" : "");
    }
    free(widths);
}

/* A table: its header, where its numbers begin, its rows. */
static void table(reader *json) {
    list cells = {0};
    expect(json, '{');
    member(json, "header");
    strings(json, &cells);
    size_t columns = cells.count;
    expect(json, ',');
    member(json, "numbers");
    skip(json);
    char *end;
    unsigned long numbers = strtoul(json->at, &end, 10);
    json->at = end;
    expect(json, ',');
    member(json, "rows");
    expect(json, '[');
    if (!take(json, ']')) {
        do {
            strings(json, &cells);
        } while (take(json, ','));
        expect(json, ']');
    }
    expect(json, '}');
    print_table(&cells, columns, numbers);
    drop(&cells);
}

/* A report: lines and tables. */
static void report(reader *json) {
    expect(json, '{');
    member(json, "blocks");
    expect(json, '[');
    do {
        expect(json, '{');
        char *kind = string(json);
        expect(json, ':');
        if (strcmp(kind, "table") == 0) {
            table(json);
        } else {
            char *line = string(json);
            puts(line);
            free(line);
        }
        free(kind);
        expect(json, '}');
    } while (take(json, ','));
    expect(json, ']');
}

/* A question with two texts in it, which must need no escapes; to be freed. */
static char *question(const char *folder, const char *language) {
    static const char FORM[] = "{\"ask\": \"report\", \"folder\": \"%s\", \"language\": \"%s\"}";
    if (strpbrk(folder, "\"\\\n") != NULL || strpbrk(language, "\"\\\n") != NULL) {
        fail("a name with a quote, a backslash or a line break in it");
    }
    size_t length = sizeof FORM + strlen(folder) + strlen(language);
    char *text = must_have(malloc(length));
    snprintf(text, length, FORM, folder, language);
    return text;
}

int main(int count, char **words) {
    if (count != 4) {
        fprintf(stderr, "usage: main_job FOLDER TABLES LANGUAGE\n");
        return 2;
    }
    if (passerelle_abi() != PASSERELLE_ABI) {
        fail("the library that is loaded has another ABI");
    }
    passerelle_handle hub, answer;
    must(passerelle_hub_open(words[1], strlen(words[1]), &hub, NULL, NULL), "open");
    char *asked = question(words[2], words[3]);
    must(passerelle_hub_ask(hub, asked, strlen(asked), NULL, &answer), "ask");
    free(asked);
    const char *text;
    size_t length;
    must(passerelle_text(answer, &text, &length), "text");
    char *json = must_have(malloc(length + 1));
    memcpy(json, text, length);
    json[length] = '\0';
    reader from = {json};
    report(&from);
    free(json);
    must(passerelle_close(answer), "close");
    must(passerelle_close(hub), "close");
    return 0;
}
