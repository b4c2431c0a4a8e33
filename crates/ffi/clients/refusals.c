/* Calls that are wrong in one thing each: what is refused, with which code, and that the message
 * names the argument. After each of them the process goes on, and a good call is made.
 *
 * Usage: refusals FOLDER */
#include <passerelle.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PEOPLE = 2, TARGETS = 2, SKILLS = 3, CELLS = PEOPLE * TARGETS };

static unsigned refused, wrong;

/* What a call must come to: a code, and a message that speaks of something. */
static void expect(const char *call, passerelle_status given, passerelle_status wanted,
                   const char *named) {
    const char *message = NULL;
    size_t length = 0;
    passerelle_last_message(&message, &length);
    if (given != wanted || message == NULL || strstr(message, named) == NULL) {
        fprintf(stderr, "%s\n  gave %d (wanted %d): %.*s\n  which does not speak of %s\n", call,
                (int)given, (int)wanted, (int)length, message, named);
        wrong++;
    }
    refused++;
}

#define REFUSED(wanted, named, call) expect(#call, call, PASSERELLE_STATUS_##wanted, named)

static void must(passerelle_status status) {
    if (status != PASSERELLE_STATUS_OK) {
        fprintf(stderr, "a good call: %d\n", (int)status);
        exit(1);
    }
}

/* A pointer that is aligned for nothing but bytes. */
static void *odd(void *pointer) { return (unsigned char *)pointer + 1; }

/* A text and its length. */
#define TEXT(text) text, sizeof text - 1

static const uint64_t OFFSETS[] = {0, 2, 3};
static const uint32_t COLUMNS[] = {0, 2, 1};
static const uint16_t LEVELS[] = {1, 2, 3}, WEIGHTS[] = {1, 1, 2};
static const uint8_t KINDS[] = {0, 1, 2};

static passerelle_rows good(void) {
    passerelle_rows rows = {.skill_count = SKILLS, .offset_bytes = 8, .offsets = OFFSETS,
                            .rows = PEOPLE,        .cells = 3,        .skills = COLUMNS,
                            .levels = LEVELS,      .weights = WEIGHTS, .necessities = KINDS};
    return rows;
}

static passerelle_handle people, targets, hub, framework, profiles, closed, none;

static void matrices(void) {
    passerelle_handle made;
    passerelle_rows rows = good(), bad;
    REFUSED(NULL, "`rows`", passerelle_people_new(NULL, &made));
    REFUSED(NULL, "`people`", passerelle_people_new(&rows, NULL));
    REFUSED(MISALIGNED, "`rows`", passerelle_people_new(odd(&rows), &made));
    REFUSED(NULL, "`targets`", passerelle_targets_new(&rows, NULL));
#define BAD(field, value) (bad = good(), bad.field = (value), &bad)
    REFUSED(NULL, "`rows.offsets`", passerelle_people_new(BAD(offsets, NULL), &made));
    REFUSED(NULL, "`rows.skills`", passerelle_people_new(BAD(skills, NULL), &made));
    REFUSED(NULL, "`rows.levels`", passerelle_people_new(BAD(levels, NULL), &made));
    REFUSED(NULL, "`rows.weights`", passerelle_targets_new(BAD(weights, NULL), &made));
    static uint64_t room[4];
    REFUSED(MISALIGNED, "`rows.offsets`", passerelle_people_new(BAD(offsets, odd(room)), &made));
    REFUSED(MISALIGNED, "`rows.skills`", passerelle_people_new(BAD(skills, odd(room)), &made));
    REFUSED(MISALIGNED, "`rows.levels`", passerelle_people_new(BAD(levels, odd(room)), &made));
    REFUSED(MISALIGNED, "`rows.weights`", passerelle_targets_new(BAD(weights, odd(room)), &made));
    REFUSED(DATA, "offsets", passerelle_people_new(BAD(cells, 2), &made));
    REFUSED(LENGTH, "`rows.rows`", passerelle_people_new(BAD(rows, SIZE_MAX), &made));
    REFUSED(LENGTH, "`rows.skills`", passerelle_people_new(BAD(cells, SIZE_MAX / 2), &made));
    REFUSED(ARGUMENT, "`rows.offset_bytes`", passerelle_people_new(BAD(offset_bytes, 5), &made));
    REFUSED(HANDLE, "`rows.axis`", passerelle_people_new(BAD(axis, closed), &made));
    static const uint8_t kinds[] = {0, 1, 3};
    REFUSED(ARGUMENT, "`rows.necessities`", passerelle_targets_new(BAD(necessities, kinds), &made));
    static const uint32_t columns[] = {2, 0, 1}, beyond[] = {0, SKILLS, 1};
    REFUSED(DATA, "row 0", passerelle_people_new(BAD(skills, columns), &made));
    REFUSED(DATA, "row 0", passerelle_people_new(BAD(skills, beyond), &made));
    static const uint64_t falling[] = {0, 3, 2};
    REFUSED(DATA, "row", passerelle_people_new(BAD(offsets, falling), &made));
    static const uint16_t nothing[] = {1, 0, 3};
    REFUSED(DATA, "row 0", passerelle_targets_new(BAD(levels, nothing), &made));
    REFUSED(DATA, "row 0", passerelle_targets_new(BAD(weights, nothing), &made));
#undef BAD
}

static void handles(void) {
    size_t count;
    passerelle_handle made;
    REFUSED(HANDLE, "`handle`", passerelle_close(closed));
    REFUSED(HANDLE, "`handle`", passerelle_close(123456789));
    REFUSED(HANDLE, "`handle`", passerelle_count(none, PASSERELLE_PART_SKILLS, &count));
    REFUSED(HANDLE, "`handle`", passerelle_describe(closed, &made));
    REFUSED(HANDLE, "`profiles`", passerelle_profiles_people(closed, &made));
    REFUSED(HANDLE, "`framework`", passerelle_framework_targets(none, &made));
    REFUSED(HANDLE_KIND, "`profiles`", passerelle_profiles_people(framework, &made));
    REFUSED(HANDLE_KIND, "`framework`", passerelle_framework_targets(hub, &made));
    REFUSED(HANDLE_KIND, "`handle`", passerelle_count(people, PASSERELLE_PART_TARGETS, &count));
    REFUSED(ARGUMENT, "`part`", passerelle_count(people, 3, &count));
    REFUSED(NULL, "`count`", passerelle_count(people, PASSERELLE_PART_PEOPLE, NULL));
    REFUSED(NULL, "`json`", passerelle_describe(people, NULL));
    REFUSED(NULL, "`json`", passerelle_capabilities(NULL));
    static uint64_t room[2];
    REFUSED(MISALIGNED, "`count`",
            passerelle_count(people, PASSERELLE_PART_PEOPLE, odd(room)));
}

static void names(void) {
    const char *text;
    size_t length;
    uint32_t at;
    const int32_t person = PASSERELLE_PART_PEOPLE, job = PASSERELLE_PART_TARGETS;
    REFUSED(ARGUMENT, "`position`", passerelle_id(people, person, PEOPLE, &text, &length));
    REFUSED(NULL, "`id`", passerelle_id(people, person, 0, NULL, &length));
    REFUSED(NULL, "`length`", passerelle_id(people, person, 0, &text, NULL));
    REFUSED(UNKNOWN, "person", passerelle_position(people, person, TEXT("nobody"), &at));
    REFUSED(NULL, "`id`", passerelle_position(people, person, NULL, 3, &at));
    REFUSED(UTF8, "`id`", passerelle_position(people, person, TEXT("caf\xe9"), &at));
    REFUSED(NULL, "`position`", passerelle_position(people, person, TEXT("0"), NULL));
    REFUSED(LENGTH, "`id`", passerelle_position(people, person, "0", SIZE_MAX, &at));
    REFUSED(ARGUMENT, "`position`",
            passerelle_label(framework, job, 1000000, TEXT("fr"), &text, &length));
    REFUSED(ARGUMENT, "`part`",
            passerelle_label(framework, person, 0, TEXT("fr"), &text, &length));
    REFUSED(UTF8, "`language`",
            passerelle_label(framework, job, 0, TEXT("\xff"), &text, &length));
    REFUSED(HANDLE_KIND, "`framework`",
            passerelle_label(people, job, 0, TEXT("fr"), &text, &length));
    REFUSED(HANDLE_KIND, "`text`", passerelle_text(people, &text, &length));
    REFUSED(NULL, "`bytes`", passerelle_text(people, NULL, &length));
}

static void files(const char *folder) {
    passerelle_handle made;
    size_t length = strlen(folder);
    static const uint8_t bytes[] = "PASSEREL and nothing more";
    REFUSED(FILE, "no-such-file", passerelle_framework_open(TEXT("no-such-file"), &made));
    REFUSED(UNKNOWN_FORMAT, "framework", passerelle_framework_open(folder, length, &made));
    REFUSED(NULL, "`file`", passerelle_framework_open(NULL, 3, &made));
    REFUSED(ARGUMENT, "`file`", passerelle_framework_open(NULL, 0, &made));
    REFUSED(ARGUMENT, "`file`", passerelle_framework_open("a\0b", 3, &made));
    REFUSED(UTF8, "`file`", passerelle_framework_open(TEXT("\xc3("), &made));
    REFUSED(NULL, "`framework`", passerelle_framework_open(folder, length, NULL));
    REFUSED(SNAPSHOT, "snapshot",
            passerelle_framework_open_bytes(bytes, sizeof bytes - 1, &made));
    REFUSED(SNAPSHOT, "snapshot", passerelle_framework_open_bytes(NULL, 0, &made));
    REFUSED(NULL, "`bytes`", passerelle_framework_open_bytes(NULL, 4, &made));
    REFUSED(FILE, "no-such-file", passerelle_profiles_open(framework, TEXT("no-such-file"), &made));
    REFUSED(HANDLE_KIND, "`framework`", passerelle_profiles_open(people, TEXT("x"), &made));
    REFUSED(MALFORMED, "person",
            passerelle_profiles_open_bytes(framework, (const uint8_t *)"a,b\n1,2\n", 8, &made));
    REFUSED(SNAPSHOT, "snapshot",
            passerelle_profiles_open_bytes(framework, bytes, sizeof bytes - 1, &made));
    REFUSED(UNKNOWN_FORMAT, "framework/",
            passerelle_hub_open(TEXT("."), &made, NULL, NULL));
    REFUSED(NULL, "`hub`", passerelle_hub_open(folder, length, NULL, NULL, NULL));
}

static bool stop(void *context, size_t first, size_t rows, const float *figures) {
    (void)context;
    (void)first;
    (void)rows;
    (void)figures;
    return false;
}

static void figures(void) {
    static float room[CELLS + 1], scores[PEOPLE];
    static int32_t best[PEOPLE + 1];
    static passerelle_skill_gap gaps[SKILLS];
    passerelle_options options = {0};
    passerelle_handle of_hub;
    size_t count, jobs;
    must(passerelle_framework_targets(framework, &of_hub));
    must(passerelle_count(of_hub, PASSERELLE_PART_TARGETS, &jobs));
    float *wide = calloc(PEOPLE * jobs, sizeof *wide);
    if (wide == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
#define GAP(people, targets, measure, room, length, options)                                       \
    passerelle_gap(people, targets, TEXT(measure), room, length, options)
    REFUSED(LENGTH, "`figures`", GAP(people, targets, "gap", room, CELLS - 1, NULL));
    REFUSED(LENGTH, "`figures`", GAP(people, targets, "gap", NULL, 0, NULL));
    REFUSED(NULL, "`figures`", GAP(people, targets, "gap", NULL, CELLS, NULL));
    REFUSED(MISALIGNED, "`figures`", GAP(people, targets, "gap", odd(room), CELLS, NULL));
    REFUSED(LENGTH, "`figures`", GAP(people, targets, "gap", room, SIZE_MAX, NULL));
    REFUSED(ARGUMENT, "measure", GAP(people, targets, "luck", room, CELLS, NULL));
    REFUSED(UTF8, "`measure`", GAP(people, targets, "\xff", room, CELLS, NULL));
    REFUSED(MISALIGNED, "`options`", GAP(people, targets, "gap", room, CELLS, odd(&options)));
    REFUSED(HANDLE_KIND, "`people`", GAP(targets, targets, "gap", room, CELLS, NULL));
    REFUSED(HANDLE_KIND, "`targets`", GAP(people, people, "gap", room, CELLS, NULL));
    REFUSED(AXIS_MISMATCH, "columns", GAP(people, of_hub, "gap", wide, PEOPLE * jobs, NULL));
#undef GAP
    REFUSED(NULL, "`each`", passerelle_gap_tiles(people, targets, TEXT("gap"), 1, NULL, NULL, NULL));
    REFUSED(ARGUMENT, "`tile_people`",
            passerelle_gap_tiles(people, targets, TEXT("gap"), 0, stop, NULL, NULL));
    REFUSED(CANCELLED, "cancelled", passerelle_gap_tiles(people, targets, TEXT("gap"), 1, stop, NULL, NULL));
#define RANK(way, k, strategy, best, scores, length)                                               \
    passerelle_rank(people, targets, way, k, TEXT(strategy), best, scores, length, NULL)
    REFUSED(ARGUMENT, "`ranked`", RANK(2, 1, "gap", best, scores, PEOPLE));
    REFUSED(ARGUMENT, "k", RANK(0, 0, "gap", best, scores, 0));
    REFUSED(LENGTH, "positions", RANK(0, 1, "gap", best, scores, PEOPLE - 1));
    REFUSED(ARGUMENT, "strategy", RANK(0, 1, "luck", best, scores, PEOPLE));
    REFUSED(NULL, "`positions`", RANK(0, 1, "gap", NULL, scores, PEOPLE));
    REFUSED(NULL, "`scores`", RANK(0, 1, "gap", best, NULL, PEOPLE));
    REFUSED(MISALIGNED, "`positions`", RANK(0, 1, "gap", odd(best), scores, PEOPLE));
#undef RANK
    REFUSED(HANDLE_KIND, "`framework`",
            passerelle_rank_occupations(people, targets, 0, 1, TEXT("walk"), TEXT("fr"), best,
                                        scores, PEOPLE, NULL));
    REFUSED(AXIS_MISMATCH, "columns",
            passerelle_rank_occupations(people, framework, 0, 1, TEXT("walk"), TEXT("fr"), best,
                                        scores, PEOPLE, NULL));
    REFUSED(LENGTH, "`positions`",
            passerelle_rank_occupations(people, framework, 0, 1, TEXT("walk"), TEXT("fr"), best,
                                        scores, PEOPLE - 1, NULL));
    REFUSED(NULL, "`count`", passerelle_skill_gaps(people, 0, targets, 0, gaps, SKILLS, NULL));
    REFUSED(ARGUMENT, "`person`",
            passerelle_skill_gaps(people, PEOPLE, targets, 0, gaps, SKILLS, &count));
    REFUSED(ARGUMENT, "`target`",
            passerelle_skill_gaps(people, 0, targets, TARGETS, gaps, SKILLS, &count));
    REFUSED(LENGTH, "`skills`", passerelle_skill_gaps(people, 0, targets, 0, gaps, 1, &count));
    if (count != 2) {
        fprintf(stderr, "a buffer that is too short is told the length it needs\n");
        wrong++;
    }
    free(wide);
    must(passerelle_close(of_hub));
}

static void whole_numbers(void) {
    static uint16_t room[CELLS];
    passerelle_handle index;
    uint32_t bytes;
    const int32_t gap = PASSERELLE_FIGURE_GAP;
    REFUSED(NULL, "`index`", passerelle_index_new(targets, NULL, NULL, &bytes));
    REFUSED(HANDLE_KIND, "`targets`", passerelle_index_new(people, NULL, &index, NULL));
    must(passerelle_index_new(targets, NULL, &index, &bytes));
#define FILL(index, people, figure, first, bytes, room, length)                                    \
    passerelle_index_fill(index, people, figure, first, bytes, room, length, NULL)
    REFUSED(HANDLE_KIND, "`index`", FILL(targets, people, gap, 0, 2, room, CELLS));
    REFUSED(HANDLE_KIND, "`people`", FILL(index, targets, gap, 0, 2, room, CELLS));
    REFUSED(ARGUMENT, "`figure`", FILL(index, people, 5, 0, 2, room, CELLS));
    REFUSED(ARGUMENT, "first", FILL(index, people, gap, 1, 2, room, CELLS));
    REFUSED(ARGUMENT, "`cell_bytes`", FILL(index, people, gap, 0, 3, room, CELLS));
    REFUSED(NULL, "`cells`", FILL(index, people, gap, 0, 2, NULL, CELLS));
    REFUSED(MISALIGNED, "`cells`", FILL(index, people, gap, 0, 2, odd(room), CELLS));
    REFUSED(LENGTH, "`cells`", FILL(index, people, gap, 0, 2, room, CELLS - 1));
#undef FILL
    must(passerelle_index_fill(index, people, gap, 0, 2, room, CELLS, NULL));
    must(passerelle_close(index));
}

static void answers(void) {
    passerelle_handle json;
    const char *person, *job;
    size_t length, job_length;
    must(passerelle_id(profiles, PASSERELLE_PART_PEOPLE, 0, &person, &length));
    must(passerelle_id(framework, PASSERELLE_PART_TARGETS, 0, &job, &job_length));
#define EXPLAIN(person, length, job, job_length, strategy, json)                                   \
    passerelle_explain(profiles, person, length, job, job_length, TEXT(strategy), TEXT("fr"), json)
    REFUSED(NULL, "`json`", EXPLAIN(person, length, job, job_length, "gap", NULL));
    REFUSED(NULL, "`person`", EXPLAIN(NULL, 1, job, job_length, "gap", &json));
    REFUSED(UTF8, "`target`", EXPLAIN(person, length, "\xff", 1, "gap", &json));
    REFUSED(UNKNOWN, "person", EXPLAIN("nobody", 6, job, job_length, "gap", &json));
    REFUSED(UNKNOWN, "target", EXPLAIN(person, length, "luck", 4, "gap", &json));
    REFUSED(ARGUMENT, "strategy", EXPLAIN(person, length, job, job_length, "luck", &json));
#undef EXPLAIN
    REFUSED(HANDLE_KIND, "`framework`",
            passerelle_find(people, TEXT("a"), 1, TEXT("fr"), &json));
    REFUSED(UTF8, "`query`", passerelle_find(framework, TEXT("\xff"), 1, TEXT("fr"), &json));
#define ASK(question) passerelle_hub_ask(hub, TEXT(question), NULL, &json)
    REFUSED(ARGUMENT, "`question`", ASK("{"));
    REFUSED(ARGUMENT, "`luck`", ASK("{\"ask\": \"luck\"}"));
    REFUSED(ARGUMENT, "`q`", ASK("{\"ask\": \"overview\", \"q\": 1}"));
    REFUSED(UNKNOWN, "luck", ASK("{\"ask\": \"exclusions\", \"occupation\": \"luck\"}"));
    REFUSED(ARGUMENT, "`occupation` or `person`", ASK("{\"ask\": \"bridges\"}"));
    REFUSED(ARGUMENT, "`sector`", ASK("{\"ask\": \"breadth\"}"));
    REFUSED(UNKNOWN, "scenario `luck`", ASK("{\"ask\": \"near-sectors\", \"scenario\": \"luck\"}"));
    REFUSED(UNKNOWN, "scenario `luck`", ASK("{\"ask\": \"report\", \"scenario\": \"luck\"}"));
    REFUSED(FILE, "/dev/null", ASK("{\"ask\": \"report\", \"folder\": \"/dev/null/out\"}"));
    REFUSED(FILE, "luck", ASK("{\"ask\": \"check-plan\", \"folder\": \"luck\"}"));
#undef ASK
    REFUSED(HANDLE_KIND, "`hub`", passerelle_hub_ask(people, TEXT("{}"), NULL, &json));
    REFUSED(NULL, "`question`", passerelle_hub_ask(hub, NULL, 2, NULL, &json));
}

int main(int count, char **words) {
    if (count != 2) {
        fprintf(stderr, "usage: refusals FOLDER\n");
        return 2;
    }
    passerelle_rows rows = good();
    must(passerelle_people_new(&rows, &people));
    rows.axis = people;
    must(passerelle_targets_new(&rows, &targets));
    must(passerelle_people_new(&rows, &closed));
    must(passerelle_close(closed));
    must(passerelle_hub_open(words[1], strlen(words[1]), &hub, &framework, &profiles));
    matrices();
    handles();
    names();
    files(words[1]);
    figures();
    whole_numbers();
    answers();
    const passerelle_handle open[] = {people, targets, hub, framework, profiles};
    for (size_t at = 0; at < sizeof open / sizeof *open; at++) {
        must(passerelle_close(open[at]));
    }
    printf("%u wrong calls refused, each by its name\n", refused - wrong);
    return wrong == 0 ? 0 : 1;
}
