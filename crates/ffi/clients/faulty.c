/* What must not go unseen: a program that is wrong on purpose, for whoever watches programs to be
 * tested. It ends well where nobody watches.
 *
 * Usage: faulty read | leak | race */
#include <passerelle.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text that ends before its length does: it is the library that reads past its end. */
static int read_past(void) {
    char *version = malloc(1);
    passerelle_handle out = 0;
    if (version == NULL) {
        return 1;
    }
    *version = '?';
    passerelle_status status = passerelle_framework_open(version, 2, &out);
    free(version);
    return status == PASSERELLE_STATUS_OK;
}

/* Memory that nothing points to any more. */
static int leak(void) {
    char *lost = malloc(4321);
    if (lost == NULL) {
        return 1;
    }
    snprintf(lost, 4321, "%s", passerelle_version());
    size_t length = strlen(lost);
    lost = NULL;
    return length == 0;
}

static passerelle_handle people;
static size_t shared;

/* The library writes the result where the other thread's call writes its own. */
static void *count(void *unused) {
    (void)unused;
    passerelle_count(people, PASSERELLE_PART_SKILLS, &shared);
    return NULL;
}

static int race(void) {
    static const uint32_t offsets[] = {0, 0};
    passerelle_rows rows = {.skill_count = 3, .offset_bytes = 4, .offsets = offsets, .rows = 1};
    pthread_t threads[2];
    if (passerelle_people_new(&rows, &people) != PASSERELLE_STATUS_OK) {
        return 1;
    }
    for (size_t at = 0; at < 2; at++) {
        if (pthread_create(&threads[at], NULL, count, NULL) != 0) {
            return 1;
        }
    }
    for (size_t at = 0; at < 2; at++) {
        pthread_join(threads[at], NULL);
    }
    passerelle_close(people);
    return shared != 3;
}

int main(int words, char **given) {
    const char *fault = words == 2 ? given[1] : "";
    if (strcmp(fault, "read") == 0) {
        return read_past();
    }
    if (strcmp(fault, "leak") == 0) {
        return leak();
    }
    if (strcmp(fault, "race") == 0) {
        return race();
    }
    fprintf(stderr, "usage: faulty read | leak | race\n");
    return 2;
}
