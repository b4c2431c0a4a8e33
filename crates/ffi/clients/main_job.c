/* The main job on a hub's folder: who is how far from which job, what is missing most, what
 * employers need and where people are short. It prints what `passerelle --lang en hub FOLDER`
 * prints of it, line for line.
 *
 * Usage: main_job FOLDER */
#include <passerelle.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 12, MODULE_SHOWN = 10, COLUMNS = 8, CELL = 160 };

/* What a call lends: a text and its length. */
typedef struct {
    const char *bytes;
    size_t length;
} text;

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

static void *must_have(size_t count, size_t size) {
    void *memory = calloc(count > 0 ? count : 1, size);
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

/* Answers of the library are JSON of a known form, one key a line: enough for a look through it.
 * A copy that ends in a NUL, to be freed; the handle is closed. */
static char *json_of(passerelle_handle handle) {
    text lent;
    must(passerelle_text(handle, &lent.bytes, &lent.length), "text");
    char *copy = must_have(lent.length + 1, 1);
    memcpy(copy, lent.bytes, lent.length);
    must(passerelle_close(handle), "close");
    return copy;
}

static char *ask(passerelle_handle hub, const char *question) {
    passerelle_handle json;
    must(passerelle_hub_ask(hub, question, strlen(question), NULL, &json), question);
    return json_of(json);
}

/* Where the value of the next such key begins, from a place on; NULL when there is none. */
static const char *value_of(const char *from, const char *key) {
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\": ", key);
    const char *found = from == NULL ? NULL : strstr(from, quoted);
    return found == NULL ? NULL : found + strlen(quoted);
}

static unsigned long number_of(const char *from, const char *key) {
    const char *value = value_of(from, key);
    return value == NULL ? 0 : strtoul(value, NULL, 10);
}

/* A string without escapes; a dash for null. */
static void string_of(const char *from, const char *key, char out[CELL]) {
    const char *value = value_of(from, key);
    if (value == NULL || *value != '"') {
        strcpy(out, "\xe2\x80\x94");
        return;
    }
    size_t length = strcspn(value + 1, "\"");
    snprintf(out, CELL, "%.*s", (int)length, value + 1);
}

/* Characters of UTF-8, up to a number of bytes. */
static size_t characters(const char *bytes, size_t length) {
    size_t count = 0;
    for (size_t at = 0; at < length; at++) {
        count += ((unsigned char)bytes[at] & 0xC0) != 0x80;
    }
    return count;
}

/* A label cut to a number of characters. */
static void shortened(text label, size_t width, char out[CELL]) {
    if (characters(label.bytes, label.length) <= width) {
        snprintf(out, CELL, "%.*s", (int)label.length, label.bytes);
        return;
    }
    size_t end = 0, kept = 0;
    while (kept < width - 1) {
        end++;
        while (((unsigned char)label.bytes[end] & 0xC0) == 0x80) {
            end++;
        }
        kept++;
    }
    while (end > 0 && label.bytes[end - 1] == ' ') {
        end--;
    }
    snprintf(out, CELL, "%.*s\xe2\x80\xa6", (int)end, label.bytes);
}

static void label(passerelle_handle framework, int32_t part, uint32_t position, size_t width,
                  char out[CELL]) {
    text name;
    must(passerelle_label(framework, part, position, "en", 2, &name.bytes, &name.length), "label");
    shortened(name, width, out);
}

/* A table on the screen: numbers to the right from a column on. */
typedef struct {
    size_t columns, numbers, rows;
    char cells[1 + SHOWN][COLUMNS][CELL];
} table;

static void print_table(const table *shown) {
    size_t widths[COLUMNS] = {0};
    for (size_t row = 0; row < shown->rows; row++) {
        for (size_t at = 0; at < shown->columns; at++) {
            const char *cell = shown->cells[row][at];
            size_t width = characters(cell, strlen(cell));
            widths[at] = width > widths[at] ? width : widths[at];
        }
    }
    for (size_t row = 0; row < shown->rows; row++) {
        for (size_t at = 0; at < shown->columns; at++) {
            const char *cell = shown->cells[row][at];
            int rest = (int)(widths[at] - characters(cell, strlen(cell)));
            int before = at >= shown->numbers ? rest : 0;
            printf(" %*s%s%*s ", before, "", cell, rest - before, "");
        }
        putchar('\n');
    }
}

static void head(table *shown, size_t columns, size_t numbers, const char *const names[]) {
    shown->columns = columns;
    shown->numbers = numbers;
    shown->rows = 1;
    for (size_t at = 0; at < columns; at++) {
        snprintf(shown->cells[0][at], CELL, "%s", names[at]);
    }
}

static void put_number(char cell[CELL], unsigned long number) { snprintf(cell, CELL, "%lu", number); }

/* The first line and what was read. */
static void print_read(passerelle_handle framework, passerelle_handle profiles) {
    static const char *const NAMES[] = {"framework", "people"};
    const passerelle_handle handles[] = {framework, profiles};
    char *told[2];
    for (size_t at = 0; at < 2; at++) {
        passerelle_handle json;
        must(passerelle_describe(handles[at], &json), "describe");
        told[at] = json_of(json);
    }
    char name[CELL], version[CELL];
    string_of(told[0], "name", name);
    string_of(told[0], "version", version);
    printf("%s %s\n%lu people \xc2\xb7 %lu occupations \xc2\xb7 %lu requirements\n", name, version,
           number_of(told[1], "people"), number_of(told[0], "targets"), number_of(told[0], "cells"));
    for (size_t at = 0; at < 2; at++) {
        unsigned long rows = number_of(told[at], "rows_read");
        unsigned long kept = number_of(told[at], "rows_kept");
        printf("%s: %lu rows read, %lu kept, %lu set aside\n", NAMES[at], rows, kept, rows - kept);
        free(told[at]);
    }
}

static void print_share(const char *what, unsigned long count, unsigned long people) {
    double percent = (double)count * 100.0 / (double)(people > 0 ? people : 1);
    printf("%s: %lu (%.1f %%)\n", what, count, percent);
}

/* One occupation of the overview: where its object is, and by what it is sorted. */
typedef struct {
    const char *at;
    unsigned long nearest, position;
} view;

static int by_nearest(const void *one, const void *other) {
    const view *a = one, *b = other;
    if (a->nearest != b->nearest) {
        return a->nearest > b->nearest ? -1 : 1;
    }
    return a->position < b->position ? -1 : 1;
}

static void print_jobs(passerelle_handle framework, const char *seen) {
    static const char *const NAMES[] = {"job",      "",       "nearest",      "among best",
                                        "eligible", "to ask", "licence only", "highest"};
    size_t count;
    must(passerelle_count(framework, PASSERELLE_PART_TARGETS, &count), "count");
    view *views = must_have(count, sizeof *views);
    const char *at = seen;
    for (size_t job = 0; job < count; job++) {
        at = value_of(at, "occupation");
        views[job].at = at;
        views[job].position = at == NULL ? job : strtoul(at, NULL, 10);
        views[job].nearest = number_of(at, "best_for");
    }
    qsort(views, count, sizeof *views, by_nearest);
    static table shown;
    head(&shown, 8, 2, NAMES);
    for (size_t row = 0; row < count && row < SHOWN; row++) {
        const view *one = &views[row];
        char(*cells)[CELL] = shown.cells[shown.rows++];
        text id;
        must(passerelle_id(framework, PASSERELLE_PART_TARGETS, (uint32_t)one->position, &id.bytes,
                           &id.length),
             "id");
        snprintf(cells[0], CELL, "%.*s", (int)id.length, id.bytes);
        label(framework, PASSERELLE_PART_TARGETS, (uint32_t)one->position, 44, cells[1]);
        put_number(cells[2], one->nearest);
        put_number(cells[3], number_of(one->at, "among_best_of"));
        put_number(cells[4], number_of(one->at, "eligible"));
        put_number(cells[5], number_of(one->at, "to_ask"));
        put_number(cells[6], number_of(one->at, "blocked_only"));
        float highest = strtof(value_of(one->at, "highest_coverage"), NULL);
        snprintf(cells[7], CELL, "%.0f %%", (double)(highest * 100.0f));
    }
    printf("\nJobs by the number of people nearest to them\n");
    print_table(&shown);
    if (count > SHOWN) {
        printf("\xe2\x80\xa6 %lu more in occupations.csv\n", (unsigned long)(count - SHOWN));
    }
    free(views);
}

static void print_missing(passerelle_handle framework, const char *seen) {
    static const char *const NAMES[] = {"skill", "people", "to develop", "to acquire", "to ask"};
    static table shown;
    head(&shown, 5, 1, NAMES);
    const char *at = value_of(seen, "missing");
    while ((at = value_of(at, "skill")) != NULL && shown.rows <= SHOWN) {
        char(*cells)[CELL] = shown.cells[shown.rows++];
        unsigned long develop = number_of(at, "develop"), acquire = number_of(at, "acquire");
        unsigned long unknown = number_of(at, "unknown");
        label(framework, PASSERELLE_PART_SKILLS, (uint32_t)strtoul(at, NULL, 10), 60, cells[0]);
        put_number(cells[1], develop + acquire + unknown);
        put_number(cells[2], develop);
        put_number(cells[3], acquire);
        put_number(cells[4], unknown);
    }
    printf("\nSkills most missed for the nearest job\n");
    print_table(&shown);
}

static void print_overview(passerelle_handle hub, passerelle_handle framework) {
    char *seen = ask(hub, "{\"ask\": \"overview\", \"k\": 10}");
    float spread[5] = {0};
    const char *at = strchr(value_of(seen, "best_coverage"), '[') + 1;
    for (size_t place = 0; place < 5; place++) {
        char *end;
        spread[place] = strtof(at, &end) * 100.0f;
        at = end + 1;
    }
    printf("\nHow far from the nearest job (coverage of its requirements)\n"
           "a tenth of the people below %.0f %%, half below %.0f %%, a tenth above %.0f %%\n",
           (double)spread[0], (double)spread[2], (double)spread[4]);
    unsigned long people = number_of(seen, "people");
    print_share("eligible for at least one of their best", number_of(seen, "eligible"), people);
    print_share("too little known to say", number_of(seen, "to_ask"), people);
    print_share("no skill in common with any job", number_of(seen, "unmatched"), people);
    print_jobs(framework, value_of(seen, "occupations"));
    print_missing(framework, seen);
    free(seen);
}

static void print_needs(passerelle_handle hub) {
    static const char *const NAMES[] = {"sector", "vacancies", "sure",           "estimated", "all",
                                        "call for training", "no cause stated"};
    char *needs = ask(hub, "{\"ask\": \"needs\", \"by\": [\"sector\"]}");
    static table shown;
    head(&shown, 7, 1, NAMES);
    const char *at = needs;
    while ((at = value_of(at, "sector")) != NULL && shown.rows <= SHOWN) {
        char(*cells)[CELL] = shown.cells[shown.rows++];
        string_of(at - strlen("\"sector\": "), "sector", cells[0]);
        put_number(cells[1], number_of(at, "vacancies"));
        put_number(cells[2], number_of(at, "sure"));
        put_number(cells[3], number_of(at, "estimate"));
        put_number(cells[4], number_of(at, "all"));
        put_number(cells[5], number_of(at, "calls_for_training"));
        put_number(cells[6], number_of(at, "no_cause"));
    }
    printf("\n\xe2\x94\x80\xe2\x94\x80 Recruitment \xe2\x94\x80\xe2\x94\x80\n");
    print_table(&shown);
    free(needs);
}

static void print_tension(passerelle_handle hub, passerelle_handle framework) {
    static const char *const NAMES[] = {"job",    "",        "positions",
                                        "people", "tension", "call for training"};
    char *rows = ask(hub, "{\"ask\": \"tension\"}");
    static table shown;
    head(&shown, 6, 2, NAMES);
    const char *at = rows;
    while ((at = value_of(at, "occupation")) != NULL && shown.rows <= MODULE_SHOWN) {
        char(*cells)[CELL] = shown.cells[shown.rows++];
        uint32_t job = (uint32_t)strtoul(at, NULL, 10);
        unsigned long people = number_of(at, "people");
        text id;
        must(passerelle_id(framework, PASSERELLE_PART_TARGETS, job, &id.bytes, &id.length), "id");
        snprintf(cells[0], CELL, "%.*s", (int)id.length, id.bytes);
        label(framework, PASSERELLE_PART_TARGETS, job, 44, cells[1]);
        put_number(cells[2], number_of(at, "estimate"));
        /* Small numbers of people are not told. */
        if (people > 0 && people < 11) {
            strcpy(cells[3], "\xc2\xb7");
            strcpy(cells[4], "");
        } else {
            put_number(cells[3], people);
            double ratio = strtod(value_of(at, "ratio"), NULL);
            if (people > 0) {
                snprintf(cells[4], CELL, "%.2f", ratio);
            } else {
                strcpy(cells[4], "\xe2\x88\x9e");
            }
        }
        put_number(cells[5], number_of(at, "calls_for_training"));
    }
    printf("\n\xe2\x94\x80\xe2\x94\x80 Skills \xe2\x94\x80\xe2\x94\x80\n"
           "Tension by occupation (region): estimated positions for one person who covers it\n");
    print_table(&shown);
    free(rows);
}

int main(int count, char **words) {
    if (count != 2) {
        fprintf(stderr, "usage: main_job FOLDER\n");
        return 2;
    }
    if (passerelle_abi() != PASSERELLE_ABI) {
        fprintf(stderr, "the library that is loaded has another ABI\n");
        return 1;
    }
    passerelle_handle hub, framework, profiles;
    must(passerelle_hub_open(words[1], strlen(words[1]), &hub, &framework, &profiles), "open");
    print_read(framework, profiles);
    print_overview(hub, framework);
    print_needs(hub);
    print_tension(hub, framework);
    must(passerelle_close(profiles), "close");
    must(passerelle_close(framework), "close");
    must(passerelle_close(hub), "close");
    return 0;
}
