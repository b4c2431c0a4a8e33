/* Eight threads that read with the same handles at once: all get the same bits, and each its own
 * message.
 *
 * Usage: threads */
#include <passerelle.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, ROUNDS = 50, PEOPLE = 40, TARGETS = 30, SKILLS = 50, K = 5 };

static passerelle_handle people, targets;

typedef struct {
    float figures[PEOPLE * TARGETS], scores[PEOPLE * K];
    int32_t positions[PEOPLE * K];
    int failed;
} result;

static void must(passerelle_status status, const char *what) {
    if (status != PASSERELLE_STATUS_OK) {
        fprintf(stderr, "%s: %d\n", what, (int)status);
        exit(1);
    }
}

/* Rows that are dense where (row + skill) % 3 is 0. */
static passerelle_handle matrix(size_t rows, bool required) {
    static uint32_t skills[PEOPLE * SKILLS];
    static uint16_t levels[PEOPLE * SKILLS], weights[PEOPLE * SKILLS];
    static uint64_t offsets[PEOPLE + 1];
    size_t cells = 0;
    for (size_t row = 0; row < rows; row++) {
        for (size_t skill = 0; skill < SKILLS; skill++) {
            if ((row * row + skill) % 3 == 0) {
                skills[cells] = (uint32_t)skill;
                levels[cells] = (uint16_t)(1 + (row + skill) % 5);
                weights[cells++] = (uint16_t)(1 + skill % 4);
            }
        }
        offsets[row + 1] = cells;
    }
    passerelle_rows given = {.axis = required ? people : 0, .skill_count = SKILLS, .offset_bytes = 8,
                             .offsets = offsets, .rows = rows, .cells = cells, .skills = skills,
                             .levels = levels, .weights = weights};
    passerelle_handle made;
    must(required ? passerelle_targets_new(&given, &made) : passerelle_people_new(&given, &made),
         "matrix");
    return made;
}

static void compute(result *into) {
    passerelle_options options = {.threads = 2};
    must(passerelle_gap(people, targets, "coverage", 8, into->figures, PEOPLE * TARGETS, &options),
         "gap");
    must(passerelle_rank(people, targets, PASSERELLE_RANKED_TARGETS_FOR_PEOPLE, K, "cosine", 6,
                         into->positions, into->scores, PEOPLE * K, &options),
         "rank");
}

static void *reader(void *argument) {
    result *mine = argument;
    for (int round = 0; round < ROUNDS; round++) {
        compute(mine);
        /* A failure of this thread says what this thread did wrong. */
        char wrong[32];
        const char *message;
        size_t length;
        snprintf(wrong, sizeof wrong, "no-such-%p", argument);
        passerelle_status status =
            passerelle_gap(people, targets, wrong, strlen(wrong), mine->figures, 0, NULL);
        passerelle_last_message(&message, &length);
        if (status != PASSERELLE_STATUS_ARGUMENT || strstr(message, wrong) == NULL) {
            mine->failed = 1;
        }
        passerelle_handle json;
        must(passerelle_describe(people, &json), "describe");
        must(passerelle_close(json), "close");
    }
    return NULL;
}

int main(void) {
    static result alone, results[THREADS];
    pthread_t threads[THREADS];
    people = matrix(PEOPLE, false);
    targets = matrix(TARGETS, true);
    compute(&alone);
    for (int at = 0; at < THREADS; at++) {
        if (pthread_create(&threads[at], NULL, reader, &results[at]) != 0) {
            fputs("no thread\n", stderr);
            return 1;
        }
    }
    int failed = 0;
    for (int at = 0; at < THREADS; at++) {
        pthread_join(threads[at], NULL);
        failed |= results[at].failed;
        failed |= memcmp(results[at].figures, alone.figures, sizeof alone.figures) != 0;
        failed |= memcmp(results[at].scores, alone.scores, sizeof alone.scores) != 0;
        failed |= memcmp(results[at].positions, alone.positions, sizeof alone.positions) != 0;
    }
    must(passerelle_close(people), "close");
    must(passerelle_close(targets), "close");
    printf("%d threads, %d rounds: %s\n", THREADS, ROUNDS, failed ? "they differ" : "the same bits");
    return failed;
}
