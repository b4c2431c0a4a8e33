/* What the library gives in C, written down for comparison: see door.rs.
 *
 * Usage: door FOLDER OUT QUERY... */
#include <passerelle.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { K = 10, PAIRS = 6, MOST_SKILLS = 1000 };

static const char *out;

static void must(passerelle_status status) {
    if (status != PASSERELLE_STATUS_OK) {
        const char *message = "";
        size_t length = 0;
        passerelle_last_message(&message, &length);
        fprintf(stderr, "%d: %.*s\n", (int)status, (int)length, message);
        exit(1);
    }
}

static void must_hold(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "not so: %s\n", what);
        exit(1);
    }
}

static FILE *create(const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", out, name);
    FILE *file = fopen(path, "wb");
    must_hold(file != NULL, path);
    return file;
}

static void put(FILE *file, const void *entries, size_t count) {
    must_hold(fwrite(entries, 4, count, file) == count, "all is written");
}

static void put_text(FILE *file, passerelle_handle json, const char *before) {
    const char *bytes;
    size_t length;
    must(passerelle_text(json, &bytes, &length));
    fprintf(file, "%s%.*s", before, (int)length, bytes);
    must(passerelle_close(json));
}

static size_t count(passerelle_handle handle, passerelle_part part) {
    size_t entries;
    must(passerelle_count(handle, (int32_t)part, &entries));
    return entries;
}

static void *room_for(size_t entries) {
    void *room = malloc(entries * 4);
    must_hold(room != NULL, "there is memory");
    return room;
}

static void gaps(passerelle_handle people, passerelle_handle targets) {
    static const char *const MEASURES[] = {"coverage", "gap", "known-share"};
    size_t cells = count(people, PASSERELLE_PART_PEOPLE) * count(targets, PASSERELLE_PART_TARGETS);
    float *figures = room_for(cells);
    for (size_t at = 0; at < 3; at++) {
        const char *measure = MEASURES[at];
        char name[64];
        must(passerelle_gap(people, targets, measure, strlen(measure), figures, cells, NULL));
        snprintf(name, sizeof name, "%s.bin", measure);
        FILE *file = create(name);
        put(file, figures, cells);
        fclose(file);
    }
    free(figures);
}

/* The gap in whole numbers. */
static void cells(passerelle_handle people, passerelle_handle targets) {
    size_t length = count(people, PASSERELLE_PART_PEOPLE) * count(targets, PASSERELLE_PART_TARGETS);
    uint32_t *gaps = room_for(length);
    passerelle_handle index;
    must(passerelle_index_new(targets, NULL, &index, NULL));
    must(passerelle_index_fill(index, people, PASSERELLE_FIGURE_GAP, 0, 4, gaps, length, NULL));
    FILE *file = create("cells.bin");
    put(file, gaps, length);
    fclose(file);
    free(gaps);
    must(passerelle_close(index));
}

static void rankings(passerelle_handle people, passerelle_handle targets) {
    static const char *const STRATEGIES[] = {"coverage", "cosine", "bm25", "gap"};
    static const char *const WAYS[] = {"targets", "people"};
    const size_t rows[] = {count(people, PASSERELLE_PART_PEOPLE),
                           count(targets, PASSERELLE_PART_TARGETS)};
    for (int32_t way = 0; way < 2; way++) {
        size_t cells = rows[way] * K;
        int32_t *positions = room_for(cells);
        float *scores = room_for(cells);
        for (size_t at = 0; at < 4; at++) {
            const char *strategy = STRATEGIES[at];
            char name[64];
            must(passerelle_rank(people, targets, way, K, strategy, strlen(strategy), positions,
                                 scores, cells, NULL));
            snprintf(name, sizeof name, "%s-%s.bin", WAYS[way], strategy);
            FILE *file = create(name);
            put(file, positions, cells);
            put(file, scores, cells);
            fclose(file);
        }
        free(positions);
        free(scores);
    }
}

static void pairs(passerelle_handle profiles, passerelle_handle people, passerelle_handle targets) {
    static passerelle_skill_gap skills[MOST_SKILLS];
    FILE *gaps = create("skills.bin"), *why = create("explain.json");
    for (size_t at = 0; at < PAIRS; at++) {
        uint32_t person = (uint32_t)(at * 997 % count(people, PASSERELLE_PART_PEOPLE));
        uint32_t target = (uint32_t)(at * 31 % count(targets, PASSERELLE_PART_TARGETS));
        size_t needed;
        must(passerelle_skill_gaps(people, person, targets, target, skills, MOST_SKILLS, &needed));
        for (size_t skill = 0; skill < needed; skill++) {
            const passerelle_skill_gap *gap = &skills[skill];
            const uint32_t numbers[] = {gap->skill,     gap->required,  gap->held,    gap->weight,
                                        gap->shortfall, gap->necessity, gap->standing};
            put(gaps, numbers, 7);
        }
        const char *id, *job;
        size_t id_length, job_length;
        passerelle_handle json;
        must(passerelle_id(people, PASSERELLE_PART_PEOPLE, person, &id, &id_length));
        must(passerelle_id(targets, PASSERELLE_PART_TARGETS, target, &job, &job_length));
        must(passerelle_explain(profiles, id, id_length, job, job_length, "coverage", 8, "en", 2,
                                &json));
        put_text(why, json, at == 0 ? "[" : ",");
    }
    fputs("]", why);
    fclose(why);
    fclose(gaps);
}

static void ask(FILE *file, passerelle_handle hub, const char *question, const char *before) {
    passerelle_handle json;
    must(passerelle_hub_ask(hub, question, strlen(question), NULL, &json));
    put_text(file, json, before);
}

/* An answer of each of the hub's modules. */
static void modules(passerelle_handle hub, passerelle_handle targets) {
    FILE *needs = create("needs.json");
    ask(needs, hub,
        "{\"ask\": \"needs\", \"by\": [\"sector\", \"occupation\", \"horizon\"],"
        " \"territories\": \"bassin\"}",
        "");
    fclose(needs);
    FILE *tension = create("tension.json");
    ask(tension, hub, "{\"ask\": \"tension\", \"territories\": \"bassin\"}", "");
    fclose(tension);
    FILE *balance = create("balance.json");
    ask(balance, hub, "{\"ask\": \"balance\", \"territories\": \"bassin\"}", "");
    fclose(balance);
    FILE *exclusions = create("exclusions.json");
    for (size_t at = 0; at < PAIRS; at++) {
        const char *id;
        size_t length;
        char question[256];
        uint32_t target = (uint32_t)(at * 7 % count(targets, PASSERELLE_PART_TARGETS));
        must(passerelle_id(targets, PASSERELLE_PART_TARGETS, target, &id, &length));
        snprintf(question, sizeof question, "{\"ask\": \"exclusions\", \"occupation\": \"%.*s\"}",
                 (int)length, id);
        ask(exclusions, hub, question, at == 0 ? "[" : ",");
    }
    fputs("]", exclusions);
    fclose(exclusions);
    FILE *plan = create("plan.json");
    ask(plan, hub, "{\"ask\": \"plan\"}", "");
    fclose(plan);
}

/* Whether a hub's folder tells of needs. */
static bool has_needs(const char *folder) {
    char path[4096];
    snprintf(path, sizeof path, "%s/needs.csv", folder);
    FILE *file = fopen(path, "rb");
    return file != NULL && fclose(file) == 0;
}

int main(int words, char **given) {
    if (words < 3) {
        fprintf(stderr, "usage: door FOLDER OUT QUERY...\n");
        return 2;
    }
    out = given[2];
    passerelle_handle hub, framework, profiles, people, targets, json;
    must(passerelle_hub_open(given[1], strlen(given[1]), &hub, &framework, &profiles));
    must(passerelle_profiles_people(profiles, &people));
    must(passerelle_framework_targets(framework, &targets));
    gaps(people, targets);
    cells(people, targets);
    rankings(people, targets);
    pairs(profiles, people, targets);
    FILE *found = create("find.json");
    for (int at = 3; at < words; at++) {
        must(passerelle_find(framework, given[at], strlen(given[at]), K, "en", 2, &json));
        put_text(found, json, at == 3 ? "[" : ",");
    }
    fputs("]", found);
    fclose(found);
    if (has_needs(given[1])) {
        modules(hub, targets);
    }
    const passerelle_handle handles[] = {targets, people, profiles, framework, hub};
    for (size_t at = 0; at < sizeof handles / sizeof *handles; at++) {
        must(passerelle_close(handles[at]));
    }
    return 0;
}
