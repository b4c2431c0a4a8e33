/* Calls of every function with arguments drawn at random: valid, stale, null, foreign, misaligned
 * and of the wrong length. Whatever is drawn, a call returns a code; after a failure there is a
 * message, and the process goes on. Buffers lie between guards that nothing may touch.
 *
 * Usage: random_calls FOLDER [SEQUENCES] */
#include <passerelle.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 64, ROWS = 6, SKILLS = 8, BUFFER = 512, GUARD = 8, LONGEST = 12 };

static uint64_t state = 20240601;

static uint32_t draw(uint32_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % below;
}

static passerelle_handle kept[KEPT];
static unsigned long calls, succeeded, seen[601];

/* A handle: mostly one that was given, perhaps closed since or of another kind. */
static passerelle_handle some_handle(void) {
    switch (draw(10)) {
    case 0:
        return 0;
    case 1:
        return ((uint64_t)draw(1u << 30) << 32) | draw(1u << 30);
    case 2:
        return draw(KEPT);
    default:
        return kept[draw(KEPT)];
    }
}

static void keep(passerelle_handle given) {
    /* The first two stay: columns to share, and a framework. */
    passerelle_handle *place = &kept[2 + draw(KEPT - 2)];
    if (*place != 0) {
        passerelle_close(*place);
    }
    *place = given;
}

static void fail(const char *what, int status) {
    fprintf(stderr, "call %lu, %s: status %d\n", calls, what, status);
    exit(1);
}

/* What must hold after any call. */
static void came_to(const char *what, passerelle_status status) {
    const char *message = NULL;
    size_t length = 0;
    calls++;
    int code = (int)status;
    if (code < 0 || code > 600 || code == PASSERELLE_STATUS_INTERNAL) {
        if (passerelle_last_message(&message, &length) == PASSERELLE_STATUS_OK) {
            fprintf(stderr, "%.*s\n", (int)length, message);
        }
        fail(what, code);
    }
    seen[code]++;
    succeeded += code == 0;
    if (passerelle_last_message(&message, &length) != PASSERELLE_STATUS_OK || message == NULL ||
        (code == 0) != (length == 0) || message[length] != '\0') {
        fail("the message", code);
    }
}

/* A text, or what is none. */
static const char *some_text(size_t *length) {
    static const char *const TEXTS[] = {
        "coverage",  "gap",   "cosine", "bm25",       "known-share", "tversky(0.3,0.7)", "tversky(",
        "0",         "N1105", "fr",     "p000001",    "conduire",    "\xff\xfe",         "caf\xc3",
        "{\"ask\": \"vacancies\"}",     "{\"ask\": \"overview\", \"k\": 1}", "{\"ask\": 3}", "[[[[",
    };
    const char *text = TEXTS[draw(sizeof TEXTS / sizeof *TEXTS)];
    *length = strlen(text);
    switch (draw(12)) {
    case 0:
        *length = 0;
        return NULL;
    case 1:
        return NULL;
    case 2:
        *length = draw((uint32_t)*length + 1);
        return text;
    default:
        return text;
    }
}

/* An output, sometimes null or not aligned; `room` is 16 bytes. */
static void *some_out(unsigned char *room) {
    switch (draw(16)) {
    case 0:
        return NULL;
    case 1:
        return room + 1;
    default:
        return room;
    }
}

static uint32_t storage[BUFFER + 2 * GUARD];

/* A buffer of at most BUFFER entries of 4 bytes, between guards. */
static void *some_buffer(size_t *length, size_t fits) {
    memset(storage, 0xA5, sizeof storage);
    *length = draw(3) == 0 ? draw(BUFFER) : fits;
    switch (draw(12)) {
    case 0:
        return NULL;
    case 1:
        return (unsigned char *)(storage + GUARD) + 1;
    default:
        return storage + GUARD;
    }
}

static void check_guards(void) {
    for (size_t at = 0; at < GUARD; at++) {
        if (storage[at] != 0xA5A5A5A5u || storage[BUFFER + GUARD + at] != 0xA5A5A5A5u) {
            fail("a guard was written", 0);
        }
    }
}

static void take(const char *what, passerelle_status status, const unsigned char *room) {
    came_to(what, status);
    if (status == PASSERELLE_STATUS_OK) {
        passerelle_handle given;
        memcpy(&given, room, sizeof given);
        keep(given);
    }
}

/* Rows as a caller may get them wrong. */
static void new_matrix(unsigned char *room) {
    uint64_t wide[ROWS + 1];
    uint32_t narrow[ROWS + 1], skills[ROWS * SKILLS];
    uint16_t levels[ROWS * SKILLS], weights[ROWS * SKILLS];
    uint8_t necessities[ROWS * SKILLS];
    size_t cells = 0;
    for (size_t row = 0; row <= ROWS; row++) {
        wide[row] = cells;
        narrow[row] = (uint32_t)cells;
        for (uint32_t skill = 0; row < ROWS && skill < SKILLS; skill++) {
            if (draw(2) == 0) {
                skills[cells] = draw(200) == 0 ? draw(SKILLS * 2) : skill;
                levels[cells] = (uint16_t)(draw(100) == 0 ? 0 : 1 + draw(5));
                weights[cells] = (uint16_t)(draw(100) == 0 ? 0 : 1 + draw(3));
                necessities[cells] = (uint8_t)(draw(200) == 0 ? 7 : draw(3));
                cells++;
            }
        }
    }
    if (draw(20) == 0) {
        wide[draw(ROWS)] = narrow[draw(ROWS)] = draw(1000);
    }
    bool four = draw(2) == 0;
    passerelle_rows rows = {
        .axis = draw(4) == 0 ? some_handle() : kept[0],
        .skill_count = SKILLS,
        .offset_bytes = draw(20) == 0 ? draw(9) : four ? 4u : 8u,
        .offsets = four ? (const void *)narrow : (const void *)wide,
        .rows = draw(20) == 0 ? draw(ROWS) : ROWS,
        .cells = draw(20) == 0 ? draw((uint32_t)cells + 1) : cells,
        .skills = draw(30) == 0 ? NULL : skills,
        .levels = draw(30) == 0 ? NULL : levels,
        .weights = draw(30) == 0 ? NULL : weights,
        .necessities = draw(3) == 0 ? NULL : necessities,
    };
    /* 8-byte offsets read as 4-byte ones stay within the array; the other way round they do not. */
    if (four && rows.offset_bytes == 8) {
        rows.offset_bytes = 4;
    }
    const passerelle_rows *given = draw(30) == 0 ? NULL : &rows;
    passerelle_handle *out = some_out(room);
    if (draw(2) == 0) {
        take("people_new", passerelle_people_new(given, out), room);
    } else {
        take("targets_new", passerelle_targets_new(given, out), room);
    }
}

static bool progress(void *context, uint64_t done, uint64_t total) {
    (void)done;
    (void)total;
    return context == NULL;
}

static bool tile(void *context, size_t first, size_t people, const float *figures) {
    (void)figures;
    return context == NULL || first + people < 4;
}

static void one_call(void) {
    uint64_t one_room[3], other_room[3];
    unsigned char *room = (unsigned char *)one_room, *other = (unsigned char *)other_room;
    size_t one, two, three, four, length;
    const char *first = some_text(&one), *second = some_text(&two);
    const char *third = some_text(&three), *fourth = some_text(&four);
    passerelle_options options = {
        .threads = 1, .memory = draw(4) == 0 ? draw(4096) : 0, .progress = draw(3) ? NULL : progress,
        .context = draw(2) == 0 ? NULL : room};
    const passerelle_options *run = draw(3) == 0 ? &options : NULL;
    /* All memory of a text lies within it, for it may be shorter than its string and never longer:
     * but for null, which has any length. */
    switch (draw(24)) {
    case 0: case 1: case 2: case 3: case 4:
        new_matrix(room);
        break;
    case 5: case 6: case 7: {
        void *figures = some_buffer(&length, ROWS * ROWS);
        came_to("gap", passerelle_gap(some_handle(), some_handle(), first, one, figures,
                                      length < BUFFER ? length : 0, run));
        break;
    }
    case 8: case 9: case 10: {
        static int32_t positions[BUFFER];
        void *scores = some_buffer(&length, ROWS * 2);
        came_to("rank", passerelle_rank(some_handle(), some_handle(), (int32_t)draw(3),
                                        draw(10) == 0 ? draw(1u << 30) : 2, first, one,
                                        draw(10) == 0 ? NULL : positions, scores, length, run));
        break;
    }
    case 11: {
        size_t capacity = draw(SKILLS + 2);
        passerelle_skill_gap gaps[SKILLS + 2];
        came_to("skill_gaps",
                passerelle_skill_gaps(some_handle(), draw(ROWS + 1), some_handle(), draw(ROWS + 1),
                                      draw(4) == 0 ? NULL : gaps, capacity, some_out(room)));
        break;
    }
    case 12:
        came_to("gap_tiles",
                passerelle_gap_tiles(some_handle(), some_handle(), first, one, draw(ROWS),
                                     draw(10) == 0 ? NULL : tile, draw(2) == 0 ? NULL : room, run));
        break;
    case 13:
        came_to("count", passerelle_count(some_handle(), (int32_t)draw(5) - 1, some_out(room)));
        break;
    case 14:
        came_to("id", passerelle_id(some_handle(), (int32_t)draw(4), draw(ROWS * 2), some_out(room),
                                    some_out(other)));
        break;
    case 15:
        came_to("position", passerelle_position(some_handle(), (int32_t)draw(4), first, one,
                                                some_out(room)));
        break;
    case 16:
        came_to("label", passerelle_label(some_handle(), (int32_t)draw(4), draw(100), first, one,
                                          some_out(room), some_out(other)));
        break;
    case 17:
        take("describe", passerelle_describe(some_handle(), some_out(room)), room);
        break;
    case 18:
        came_to("text", passerelle_text(some_handle(), some_out(room), some_out(other)));
        break;
    case 19:
        take("explain", passerelle_explain(some_handle(), first, one, second, two, third, three,
                                           fourth, four, some_out(room)), room);
        break;
    case 20:
        take("framework_open_bytes",
             passerelle_framework_open_bytes((const uint8_t *)first, one, some_out(room)), room);
        break;
    case 21:
        take("profiles_open_bytes",
             passerelle_profiles_open_bytes(some_handle(), (const uint8_t *)first, one,
                                            some_out(room)), room);
        break;
    case 22:
        switch (draw(9)) {
        case 6:
            take("profiles_people", passerelle_profiles_people(some_handle(), some_out(room)),
                 room);
            break;
        case 7:
            take("find", passerelle_find(kept[1], first, one, draw(9), second, two,
                                         some_out(room)), room);
            break;
        case 0:
            take("framework_open", passerelle_framework_open(first, one, some_out(room)), room);
            break;
        case 1:
            take("profiles_open", passerelle_profiles_open(some_handle(), first, one,
                                                           some_out(room)), room);
            break;
        case 2:
            take("hub_open", passerelle_hub_open(first, one, some_out(room), NULL, NULL), room);
            break;
        case 3:
            take("hub_ask", passerelle_hub_ask(some_handle(), first, one, run, some_out(room)),
                 room);
            break;
        case 4:
            take("capabilities", passerelle_capabilities(some_out(room)), room);
            break;
        default:
            take("framework_targets",
                 passerelle_framework_targets(some_handle(), some_out(room)), room);
        }
        break;
    default: {
        /* Closed and kept: from now on it is stale. The first two stay open. */
        passerelle_handle closed = some_handle();
        if (closed != kept[0] && closed != kept[1]) {
            came_to("close", passerelle_close(closed));
        }
    }
    }
    check_guards();
}

int main(int count, char **words) {
    if (count < 2) {
        fprintf(stderr, "usage: random_calls FOLDER [SEQUENCES]\n");
        return 2;
    }
    unsigned long sequences = count > 2 ? strtoul(words[2], NULL, 10) : 100000;
    /* Real ones among the drawn: a small matrix whose columns others share, and a framework. */
    uint32_t offsets[] = {0, 2}, skills[] = {0, SKILLS - 1};
    uint16_t levels[] = {1, 2};
    passerelle_rows rows = {.skill_count = SKILLS, .offset_bytes = 4, .offsets = offsets, .rows = 1,
                            .cells = 2, .skills = skills, .levels = levels};
    came_to("people_new", passerelle_people_new(&rows, &kept[0]));
    came_to("framework_open", passerelle_framework_open(words[1], strlen(words[1]), &kept[1]));
    memset(storage, 0xA5, sizeof storage);
    for (unsigned long at = 0; at < sequences; at++) {
        for (uint32_t left = 1 + draw(LONGEST); left > 0; left--) {
            one_call();
        }
    }
    for (size_t at = 0; at < KEPT; at++) {
        passerelle_close(kept[at]);
    }
    size_t codes = 0;
    for (size_t code = 0; code < 601; code++) {
        codes += seen[code] > 0;
    }
    printf("%lu sequences, %lu calls, %lu succeeded, %lu different codes\n", sequences, calls,
           succeeded, (unsigned long)codes);
    /* A test that meets nothing but refusals proves little. */
    return succeeded * 20 > calls && codes >= 10 ? 0 : 1;
}
