// passerelle: what skills jobs require, what people hold, how far apart they are, and which training
// closes the gap. This header is the documentation of the library's C ABI; it is made by
// `cargo xtask header` from crates/ffi, and is not to be edited.
//
// A session, in short (error checks left out; crates/ffi/clients/main_job.c is a whole one):
//
//     passerelle_handle hub, framework, profiles, people, targets;
//     passerelle_hub_open(folder, strlen(folder), &hub, &framework, &profiles);
//     passerelle_profiles_people(profiles, &people);
//     passerelle_framework_targets(framework, &targets);
//     passerelle_rank(people, targets, PASSERELLE_RANKED_TARGETS_FOR_PEOPLE, 5, "coverage", 8,
//                     positions, scores, 5 * people_count, NULL);
//     passerelle_close(targets); // and so on, each once, in any order
//
// Every function returns a passerelle_status, but for those that cannot fail. 0 is success. After
// anything else, passerelle_last_message says on the same thread what was wrong, and with which
// argument, row or id. A failure leaves the process, the handles and, unless the function says
// otherwise, the caller's memory as they were; nothing a caller passes as a number, a handle or a
// text ends the process. Pointers are checked for null and alignment; that they point to as much
// memory as their length says, for as long as the call lasts, is the caller's part.
//
// Ownership. A handle that a function gives is the caller's, to be closed once with
// passerelle_close. What a function takes stays the caller's and is copied where it is needed. What
// a function lends (`const char **`) belongs to the handle it came from and stands until that is
// closed. Results are written where the caller says, once all else has succeeded: at one pointer, or
// into a buffer with its length in entries.
//
// Texts come and go as UTF-8 with a length in bytes. They need no NUL, and lent ones have none
// unless their function says so. A length of 0 allows a null pointer, for arrays too.
//
// Threads. Any thread may call any function, with handles it shares with others; the library does
// long work on threads of its own. Two calls must not write into one buffer at once.
//
// Units. Levels are whole steps of a framework's scale, weights whole parts of its denominator,
// figures of them exact; shares and scores are floats, rounded once. The same call gives the same
// bits on any number of threads, and the same as in Rust and from the command.


#ifndef PASSERELLE_H
#define PASSERELLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The number of this ABI: it goes up when a function, a structure or a code changes its meaning.
// New functions and codes leave it.
#define PASSERELLE_ABI 0

// What a call came to. 0 is success; the hundreds say whose fault it is and what may help:
// 1xx an argument of the call, 2xx what the data says, 3xx a file or its format, 4xx a limit,
// 5xx this library, 6xx the caller's own wish. New codes may come within a block: treat those you
// do not know as their block.
typedef enum {
    // Done.
    PASSERELLE_STATUS_OK = 0,
    // A pointer is null and must not be.
    PASSERELLE_STATUS_NULL = 100,
    // A pointer is not aligned for what it points to.
    PASSERELLE_STATUS_MISALIGNED = 101,
    // An array or buffer does not have the length that it needs.
    PASSERELLE_STATUS_LENGTH = 102,
    // A text is not UTF-8.
    PASSERELLE_STATUS_UTF8 = 103,
    // An argument is outside its range, or not one of its names.
    PASSERELLE_STATUS_ARGUMENT = 104,
    // A number is no handle, or one that was closed.
    PASSERELLE_STATUS_HANDLE = 110,
    // A handle is of another kind.
    PASSERELLE_STATUS_HANDLE_KIND = 111,
    // The data make no sense: a level beyond its scale, a row out of order…
    PASSERELLE_STATUS_DATA = 200,
    // An id is not known; the message says which one is most like it.
    PASSERELLE_STATUS_UNKNOWN = 201,
    // Matrices of two frameworks, or of two versions of one, were mixed.
    PASSERELLE_STATUS_AXIS_MISMATCH = 202,
    // A file could not be read or written.
    PASSERELLE_STATUS_FILE = 300,
    // A file or folder is of no format that is known.
    PASSERELLE_STATUS_UNKNOWN_FORMAT = 301,
    // A file is broken, or lacks something.
    PASSERELLE_STATUS_MALFORMED = 302,
    // A snapshot is none, damaged, of another version or of something else.
    PASSERELLE_STATUS_SNAPSHOT = 310,
    // The result would not fit in the memory allowed.
    PASSERELLE_STATUS_MEMORY = 400,
    // More things than a table holds.
    PASSERELLE_STATUS_TOO_MANY = 401,
    // This library failed where it must not: please report the message.
    PASSERELLE_STATUS_INTERNAL = 500,
    // The caller asked to stop.
    PASSERELLE_STATUS_CANCELLED = 600,
} passerelle_status;

// What has ids and positions in what a handle stands for.
typedef enum {
    // The skills of a framework, of profiles or of a matrix: the columns.
    PASSERELLE_PART_SKILLS = 0,
    // The occupations of a framework, or the rows of targets.
    PASSERELLE_PART_TARGETS = 1,
    // The people of profiles, or the rows of people.
    PASSERELLE_PART_PEOPLE = 2,
} passerelle_part;

// A whole number that a person and a target have, in steps × weight.
typedef enum {
    // What is missing; what a profile is silent about counts as not held.
    PASSERELLE_FIGURE_GAP = 0,
    // What is missing; silence counts as held in full.
    PASSERELLE_FIGURE_GAP_LOWER = 1,
    // What is held of what is required.
    PASSERELLE_FIGURE_CREDIT = 2,
    // What is required of the skills that the profile speaks of.
    PASSERELLE_FIGURE_KNOWN = 3,
    // How many requirements are met.
    PASSERELLE_FIGURE_MET = 4,
} passerelle_figure;

// What is ranked for what.
typedef enum {
    // The best targets for each person: rows are people.
    PASSERELLE_RANKED_TARGETS_FOR_PEOPLE = 0,
    // The best people for each target: rows are targets.
    PASSERELLE_RANKED_PEOPLE_FOR_TARGETS = 1,
} passerelle_ranked;

// Something that the library keeps for its caller: a framework, profiles, a matrix, a text, a
// hub. It stays the same number until it is closed, and no other handle of this process ever has
// that number again. 0 is never a handle.
//
// Any number of threads may use one handle at once: what it stands for does not change. It may be
// closed while another thread is in a call with it; that call ends as if it were open.
typedef uint64_t passerelle_handle;

// Sparse rows, as CSR arrays have them: row `i` is the cells from `offsets[i]` up to
// `offsets[i + 1]`, with skills strictly ascending. The arrays are copied: they may be let go of
// after the call.
typedef struct {
    // A handle whose skills the columns are (a framework, profiles, people or targets), so that
    // matrices may be mixed with it; or 0 for columns that only have numbers, levels of any
    // height, and may be mixed with matrices whose `axis` names one of the same.
    passerelle_handle axis;
    // How many skills there are: the columns. Ignored where `axis` is given.
    uint32_t skill_count;
    // Bytes of one offset: 4 (uint32_t) or 8 (uint64_t).
    uint32_t offset_bytes;
    // `rows` + 1 offsets, from 0 to `cells`.
    const void *offsets;
    // How many rows.
    size_t rows;
    // How many cells: the length of each array below.
    size_t cells;
    // The column of each cell.
    const uint32_t *skills;
    // The level of each cell, in steps: at least 1 for targets; 0 for people is known not to be
    // held.
    const uint16_t *levels;
    // For targets: the weight of each cell, at least 1. Null for people.
    const uint16_t *weights;
    // For targets: 0 optional, 1 essential, 2 blocking; null: all essential. Null for people.
    const uint8_t *necessities;
} passerelle_rows;

// How a long call runs. Pass null for the defaults; set what you do not mean to 0. Results never
// depend on it: they are the same bits on any number of threads.
typedef struct {
    // How many threads to use; 0: the environment's PASSERELLE_THREADS, or else one per core.
    size_t threads;
    // How many bytes the result and what it takes to make it may have; 0: 4 GiB. Buffers of the
    // caller do not count.
    uint64_t memory;
    // Called now and then, a hundred times at most, with what is done of how much; null: never.
    // It returns whether to go on: false ends the call with PASSERELLE_STATUS_CANCELLED. It is
    // called from threads of the library, several at once, and must not throw or longjmp.
    bool (*progress)(void *context, uint64_t done, uint64_t total);
    // Passed to `progress` as it is.
    void *context;
} passerelle_options;

// Takes one tile: the figures of the people from `first` on, `people` rows of as many floats as
// there are targets. They belong to the library and stand until the function returns. It returns
// whether to go on, and must not throw or longjmp.
typedef bool (*passerelle_tile)(void *context, size_t first, size_t people, const float *figures);

// One required skill of a target, and what a person holds of it.
typedef struct {
    // The skill's position.
    uint32_t skill;
    // The level required, in steps.
    uint16_t required;
    // The level held, in steps; 0 where the profile is silent (see `standing`).
    uint16_t held;
    // The requirement's weight.
    uint16_t weight;
    // The steps missing, silence counted as not held.
    uint16_t shortfall;
    // 0 optional, 1 essential, 2 blocking: a licence or a title that nothing makes up for.
    uint8_t necessity;
    // 0 maintain: held at the level required or above; 1 develop: held below it; 2 acquire: known
    // not to be held; 3 unknown: the profile is silent, so ask before anything is taught.
    uint8_t standing;
} passerelle_skill_gap;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Says why the last call of this thread failed: one line that names the argument, row, column or
// id at fault and what to do. Empty after a success. The text ends in a NUL, which `length` does
// not count.
//
// The text belongs to the library and stands until this thread calls another function of it.
// This call itself changes no message. Messages hold pseudonymous ids at most.
passerelle_status passerelle_last_message(const char **text, size_t *length);

// Closes a handle of any kind and frees what it stands for, with the texts that were borrowed from
// it. Every handle that a call gave is closed once, by whoever got it; they may be closed in any
// order: profiles keep what they need of their framework. Closing 0 does nothing.
//
// Codes: PASSERELLE_STATUS_HANDLE when it was closed before, or never was one.
passerelle_status passerelle_close(passerelle_handle handle);

// Borrows the text that a handle stands for: UTF-8, `length` bytes, no NUL at its end.
//
// The bytes belong to the handle and stand until it is closed.
passerelle_status passerelle_text(passerelle_handle text, const char **bytes, size_t *length);

// The version of the library, such as `0.1.0`, ended by a NUL. It stands for ever.
const char *passerelle_version(void);

// The number of the ABI that the loaded library has: compare it with PASSERELLE_ABI, which your
// program was built with, before anything else.
uint32_t passerelle_abi(void);

// What this build can do, as JSON in a new text: `version`, `abi`, `measures`, `strategies`,
// `scorers`, `asks` (the questions of passerelle_hub_ask), and `handles`, the kinds of them.
passerelle_status passerelle_capabilities(passerelle_handle *json);

// How many skills, targets or people there are: the lengths that buffers need.
//
// `part` is one of passerelle_part.
passerelle_status passerelle_count(passerelle_handle handle, int32_t part, size_t *count);

// Borrows the id of a skill, target or person by its position: UTF-8, `length` bytes, no NUL.
//
// The bytes stand until `handle` is closed.
passerelle_status passerelle_id(passerelle_handle handle,
                                int32_t part,
                                uint32_t position,
                                const char **id,
                                size_t *length);

// The position of an id among skills, targets or people.
//
// Codes: PASSERELLE_STATUS_UNKNOWN, with the id most like it in the message.
passerelle_status passerelle_position(passerelle_handle handle,
                                      int32_t part,
                                      const char *id,
                                      size_t length,
                                      uint32_t *position);

// Borrows the label of a framework's skill or occupation: in the language asked for (`fr`, `en`…),
// or else the framework's own, or else its id.
//
// The bytes stand until `framework` is closed.
passerelle_status passerelle_label(passerelle_handle framework,
                                   int32_t part,
                                   uint32_t position,
                                   const char *language,
                                   size_t language_length,
                                   const char **label,
                                   size_t *length);

// What a handle stands for, as JSON in a new text: its `kind`, how much it holds, and for what was
// read from files a `report` of every row that was set aside, and why.
passerelle_status passerelle_describe(passerelle_handle handle, passerelle_handle *json);

// Opens a framework: a snapshot file, or a folder of ROME 4.0, ESCO, O*NET or our own CSV files,
// recognised by what is in it. What was read and what was set aside, and why, is in
// passerelle_describe.
//
// `framework` is a new handle.
passerelle_status passerelle_framework_open(const char *file,
                                            size_t file_length,
                                            passerelle_handle *framework);

// Opens a framework from the bytes of a snapshot, which may be let go of afterwards.
//
// `framework` is a new handle.
passerelle_status passerelle_framework_open_bytes(const uint8_t *bytes,
                                                  size_t length,
                                                  passerelle_handle *framework);

// Opens people's profiles on a framework: a CSV file, a folder of them, or a snapshot, which is
// told by a name that ends in `.passerelle`. What was set aside, and why, is in
// passerelle_describe.
//
// `profiles` is a new handle. It keeps what it needs of the framework, which may be closed.
passerelle_status passerelle_profiles_open(passerelle_handle framework,
                                           const char *file,
                                           size_t file_length,
                                           passerelle_handle *profiles);

// Opens people's profiles from bytes in memory: a snapshot, which is told by its first bytes, or
// CSV in UTF-8. The bytes may be let go of afterwards.
//
// `profiles` is a new handle.
passerelle_status passerelle_profiles_open_bytes(passerelle_handle framework,
                                                 const uint8_t *bytes,
                                                 size_t length,
                                                 passerelle_handle *profiles);

// What occupations require: the targets of a framework, in the order of its occupations.
//
// `targets` is a new handle; it shares the framework's memory.
passerelle_status passerelle_framework_targets(passerelle_handle framework,
                                               passerelle_handle *targets);

// What people hold, with the evidence of each skill merged: certification and VAE before
// assessment at work, employer, badge, declaration; then the latest; then the lower level.
//
// `people` is a new handle, a matrix of its own, in the order of the profiles.
passerelle_status passerelle_profiles_people(passerelle_handle profiles, passerelle_handle *people);

// What people hold, from the caller's arrays. A row is a person, named by its position.
//
// `people` is a new handle. O(cells).
passerelle_status passerelle_people_new(const passerelle_rows *rows, passerelle_handle *people);

// What targets require, from the caller's arrays. A row is a target, named by its position; it
// has at least one cell, and its sum of weight × level fits in 32 bits, so that every figure over
// it is exact.
//
// `targets` is a new handle. O(cells).
passerelle_status passerelle_targets_new(const passerelle_rows *rows, passerelle_handle *targets);

// One measure of every person (rows) and every target (columns), written into the caller's buffer:
// `figures[person * targets + target]`, `length` = people × targets floats.
//
// `measure` is one of `coverage`, `coverage-upper`, `essential-coverage`,
// `essential-coverage-upper`, `known-share` (shares from 0 to 1), `gap`, `gap-lower`, `credit`
// (steps × weight, exact up to 2^24 and rounded once above), `missing-essentials`,
// `missing-essentials-lower`, `blocking-shortfalls`, `blocking-shortfalls-lower` (counts). What a
// profile is silent about counts as not held, and in the `-lower` and `-upper` measures as held.
//
// On PASSERELLE_STATUS_CANCELLED the buffer is written in part; on any other failure it is not
// written.
passerelle_status passerelle_gap(passerelle_handle people,
                                 passerelle_handle targets,
                                 const char *measure,
                                 size_t measure_length,
                                 float *figures,
                                 size_t length,
                                 const passerelle_options *options);

// The figures of passerelle_gap, bit for bit, some people at a time and in their order, for
// matrices that do not fit in memory: `each` is called on the calling thread with tiles of
// `tile_people` rows, the last one with what is left. Where it returns false the call ends with
// PASSERELLE_STATUS_CANCELLED.
passerelle_status passerelle_gap_tiles(passerelle_handle people,
                                       passerelle_handle targets,
                                       const char *measure,
                                       size_t measure_length,
                                       size_t tile_people,
                                       passerelle_tile each,
                                       void *context,
                                       const passerelle_options *options);

// What a person holds of each skill that a target requires, in the order of the skills.
//
// Call it first with `skills` null and `capacity` 0: `count` gets how many there are. With a
// buffer of fewer it is PASSERELLE_STATUS_LENGTH, nothing is written into the buffer, and `count`
// gets the number all the same.
passerelle_status passerelle_skill_gaps(passerelle_handle people,
                                        uint32_t person,
                                        passerelle_handle targets,
                                        uint32_t target,
                                        passerelle_skill_gap *skills,
                                        size_t capacity,
                                        size_t *count);

// Makes targets ready for matrices of whole numbers: built once, used for many people.
//
// `index` is a new handle, which needs `targets` no longer. `cell_bytes` (null where it is not
// wanted) gets the fewest bytes, 1, 2 or 4, whose cells hold every figure.
passerelle_status passerelle_index_new(passerelle_handle targets,
                                       const passerelle_options *options,
                                       passerelle_handle *index,
                                       uint32_t *cell_bytes);

// A figure (one of passerelle_figure) of the people `first`, `first` + 1… and every target, exact:
// `cells[row * targets + target]`, as many rows as `length` / targets. `cell_bytes` says what
// `cells` is: 1 uint8_t, 2 uint16_t, 4 uint32_t; `length` counts cells. Call it with one buffer
// again and again to stream.
//
// Codes: PASSERELLE_STATUS_TOO_MANY where a target's total does not fit a cell. On
// PASSERELLE_STATUS_CANCELLED the buffer is written in part; on any other failure it is not
// written.
passerelle_status passerelle_index_fill(passerelle_handle index,
                                        passerelle_handle people,
                                        int32_t figure,
                                        size_t first,
                                        uint32_t cell_bytes,
                                        void *cells,
                                        size_t length,
                                        const passerelle_options *options);

// The `k` best of each row by a strategy, best first, ties by the lower position:
// `positions[row * k + place]` and `scores` beside it, `length` = rows × `k` entries each. A row
// with fewer results ends in position −1 and score 0. Whoever shares no skill is no result, but
// for `gap`.
//
// `ranked` is one of passerelle_ranked. `strategy` is the name of one, with its options where it
// has some: `coverage`, `essential-coverage`, `gap`, `overlap`, `level-coverage`, `jaccard`,
// `ruzicka`, `dice`, `tversky(0.3,0.7)`, `geometric`, `cosine`, `ochiai`, `tfidf`,
// `bm25(k1=1.2,b=0.75)`. A score says how well skills fit; whether somebody may go for a target is
// another question, which no score answers (see passerelle_explain).
//
// On PASSERELLE_STATUS_CANCELLED the buffers are written in part; on any other failure they are
// not written.
passerelle_status passerelle_rank(passerelle_handle people,
                                  passerelle_handle targets,
                                  int32_t ranked,
                                  size_t k,
                                  const char *strategy,
                                  size_t strategy_length,
                                  int32_t *positions,
                                  float *scores,
                                  size_t length,
                                  const passerelle_options *options);

// The same with a framework's occupations as targets, by whatever scores them: a strategy of
// passerelle_rank, or a scorer that passerelle_capabilities names, such as `alike(texts)`,
// `walk(k=20,on=0.5)` or `mix(0.7*tfidf + 0.3*coverage)`. Scorers learn from the framework with
// each call and score every pair; some read its texts in `language` (`fr`, `en`…).
//
// On any failure the buffers are not written.
passerelle_status passerelle_rank_occupations(passerelle_handle people,
                                              passerelle_handle framework,
                                              int32_t ranked,
                                              size_t k,
                                              const char *scorer,
                                              size_t scorer_length,
                                              const char *language,
                                              size_t language_length,
                                              int32_t *positions,
                                              float *scores,
                                              size_t length,
                                              const passerelle_options *options);

// Takes the score of one person for one occupation apart, as JSON in a new text: each required
// skill with what is held, on which evidence, and what it adds; what is held beside; where the
// person stands (`status`), which is never part of the score. What the command `passerelle explain
// --json` prints.
//
// `person` and `target` are ids, `strategy` as in passerelle_rank, `language` that of the labels
// (`fr`, `en`…). For a scorer of passerelle_rank_occupations it is the parts that the score was made
// of.
passerelle_status passerelle_explain(passerelle_handle profiles,
                                     const char *person,
                                     size_t person_length,
                                     const char *target,
                                     size_t target_length,
                                     const char *strategy,
                                     size_t strategy_length,
                                     const char *language,
                                     size_t language_length,
                                     passerelle_handle *json);

// Finds skills, occupations, job titles and groups by a label or a part of one, as JSON in a new
// text: an array of at most `limit` objects, the best first, each with `kind`, `id`, `label`,
// `language` and `how` (`exact`, `normalised`, `prefix`, or `fuzzy` with the number of edits); a
// job title also has the `occupation` that it names, with its label in `language`. What the command
// `passerelle find --json` prints.
//
// The first call with a framework builds its index of labels, some tenths of a second for a large
// one; it is kept.
passerelle_status passerelle_find(passerelle_handle framework,
                                  const char *query,
                                  size_t query_length,
                                  size_t limit,
                                  const char *language,
                                  size_t language_length,
                                  passerelle_handle *json);

// Opens a hub's folder: `framework/` and `people/`, with the needs and the training on offer where
// it has them (docs/formats.md says what the files are).
//
// `hub`, `framework` and `profiles` are new handles, each to be closed; the last two may be null
// where they are not wanted.
passerelle_status passerelle_hub_open(const char *folder,
                                      size_t folder_length,
                                      passerelle_handle *hub,
                                      passerelle_handle *framework,
                                      passerelle_handle *profiles);

// Asks a hub a question of its modules. `question` is a JSON object whose `ask` names it; the
// answer is JSON in a new text. docs/c.md lists the questions with their fields and answers:
//
// recruitment: `needs`, `vacancies`, `patterns`, `breadth`, `conflicts`; skill: `overview`,
// `tension`, `balance`, `bridges`, `near-sectors`, `exclusions`, `candidates`; training:
// `uncovered`, `pathway`, `plan`, `open-gaps`, `adequacy`, `indicators`, `check-plan`; and
// `report`, which is all that `passerelle hub` prints, with every table as a file if a folder is
// given.
//
// Skills, targets and people in answers are positions, as passerelle_id takes them. A count of
// people is null where it is about 1 to 10 of them, or would give such a count away. Answers that
// name people (`candidates`, `pathway`, `plan`) are as private as profiles.
passerelle_status passerelle_hub_ask(passerelle_handle hub,
                                     const char *question,
                                     size_t question_length,
                                     const passerelle_options *options,
                                     passerelle_handle *json);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* PASSERELLE_H */
