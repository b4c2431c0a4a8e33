"""Sparse matrices in, arrays out: against NumPy's own sums over all pairs."""

import copy
import pickle
import threading

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import passerelle as ps

COLUMNS = 5
ONE = sp.csr_matrix(np.ones((1, 2), np.float32))
LEVELS = st.integers(0, 4)
REQUIRED = arrays(np.uint16, st.tuples(st.integers(0, 9), st.just(COLUMNS)), elements=LEVELS)
HELD = arrays(np.uint16, st.tuples(st.integers(0, 6), st.just(COLUMNS)), elements=LEVELS)


def csr(dense, index=np.int32):
    matrix = sp.csr_matrix(dense)
    return (matrix.indptr.astype(index), matrix.indices.astype(index), matrix.data)


def credit_of_all(held, required, weights):
    least = np.minimum(held[:, None, :].astype(int), required[None].astype(int))
    return (least * weights[None]).sum(axis=2)


def best(sums, k):
    """The k greatest above 0 of each row, equal ones by position."""
    indices = np.full((len(sums), k), -1, np.int32)
    scores = np.zeros((len(sums), k), np.float32)
    for row, own in enumerate(sums):
        order = [at for at in np.lexsort((np.arange(len(own)), -own)) if own[at] > 0][:k]
        indices[row, : len(order)] = order
        scores[row, : len(order)] = own[order]
    return indices, scores


def top_of_one(held):
    return ps.top_k(held, ONE)


def assert_same(ours, expected):
    for one, other in zip(ours, expected, strict=True):
        assert np.array_equal(one, other)


@given(HELD, REQUIRED, st.integers(1, 12), st.sampled_from([np.int32, np.int64]))
def test_sums_are_those_over_all_pairs(held, required, k, index_type):
    weights = (np.arange(required.size).reshape(required.shape) % 3 + 1).astype(np.uint16)
    beside = weights[required > 0]
    index = ps.Index((*csr(required, index_type)[:2], required[required > 0]), beside)
    # The axis of bare arrays is as long as their indices ask for.
    spoken = held[:, : index.columns] if index.columns else held[:, :0]
    ours = csr(np.ascontiguousarray(spoken), index_type)
    expected = credit_of_all(held, required, weights)
    totals = (required.astype(int) * weights).sum(axis=1)
    assert np.array_equal(index.totals, totals)
    assert np.array_equal(index.credit(ours), expected)
    assert np.array_equal(index.gap(ours, "uint32"), totals - expected)
    assert_same(index.top_k(ours, k), best(expected, k))
    floats = tuple(part.astype(np.float32) if at == 2 else part for at, part in enumerate(ours))
    raw = (*csr(required, index_type)[:2], required[required > 0].astype(np.float32))
    least = ps.top_k(floats, raw, k, kernel="min", weights=beside.astype(np.float32))
    assert_same(least, best(expected, k))
    product = held.astype(int) @ required.T.astype(int)
    assert_same(ps.top_k(floats, raw, k), best(product, k))


@given(HELD, REQUIRED, st.integers(1, 12), st.sampled_from([np.uint8, np.uint16]))
def test_whole_numbers_are_ranked_exactly(held, required, k, dtype):
    weights = (np.arange(required.size).reshape(required.shape) % 3 + 1).astype(dtype)
    beside = weights[required > 0]
    people, targets = sp.csr_array(held.astype(dtype)), sp.csr_array(required.astype(dtype))
    asked = (required * weights).astype(float)
    lengths = np.sqrt((held.astype(float) ** 2).sum(1)), np.sqrt((asked**2).sum(1))
    with np.errstate(invalid="ignore"):
        cosines = np.nan_to_num(held @ asked.T / (lengths[0][:, None] * lengths[1]))
    ours = ps.top_k(people, targets, k, kernel="cosine", weights=beside)
    assert_same(ours, best(cosines.astype(np.float32), k))
    plain = ps.top_k(people, targets, k, kernel="cosine")
    assert_same(plain, ps.top_k(people, targets, k, kernel="cosine", weights=beside * 0 + 1))
    least = ps.top_k(people, targets, k, kernel="min", weights=beside)
    assert_same(least, ps.Index(targets, beside).top_k(people, k))


def test_a_kernel_says_which_numbers_it_takes():
    whole = ONE.astype(np.uint16)
    for call, said in [
        (lambda: ps.top_k(ONE, ONE, kernel="cosine"), "uint16 or uint8"),
        (lambda: ps.top_k(whole, ONE, kernel="min"), "uint16 or uint8"),
        (lambda: ps.top_k(whole, whole), "float32"),
        (lambda: ps.top_k(whole, whole, kernel="cosine", weights=ONE.data), "uint16 or uint8"),
    ]:
        with pytest.raises(TypeError, match=said):
            call()
    with pytest.raises(ps.errors.ArgumentError, match="row 0"):
        ps.top_k(whole, whole, kernel="cosine", weights=np.zeros(2, np.uint16))
    with pytest.raises(ps.errors.ArgumentError, match="`k` is 0"):
        ps.top_k(whole, whole, 0, kernel="cosine")


def test_a_scipy_matrix_or_array_is_taken():
    rng = np.random.default_rng(1)
    dense = rng.integers(0, 3, (30, 8)).astype(np.uint8)
    for kind in (sp.csr_matrix, sp.csr_array):
        index = ps.Index(kind(dense), kind((dense > 0).astype(np.uint8)))
        assert np.array_equal(index.credit(kind(dense)).diagonal(), index.totals)
        assert np.allclose(index.coverage(kind(dense)).diagonal(), 1)
    assert repr(index).startswith("<passerelle.Index: 30 targets on 8 columns")


def test_targets_come_and_go():
    index = ps.Index(sp.csr_matrix(np.array([[1, 0], [0, 2]], np.uint8)))
    index.add(sp.csr_matrix(np.array([[3, 3]], np.uint8)))
    assert len(index) == 3
    index.remove([0])
    assert index.totals.tolist() == [2, 6]
    for wrong in ([1, 0], [2], [0, 0]):
        with pytest.raises(ps.errors.ArgumentError, match="positions"):
            index.remove(wrong)
    with pytest.raises(ps.errors.ArgumentError, match="axis"):
        index.add(sp.csr_matrix(np.array([[0, 0, 1]], np.uint8)))
    assert len(index) == 2


def test_results_go_where_they_are_asked_to():
    index = ps.Index(sp.csr_matrix(np.array([[300, 2]], np.uint16)))
    held = sp.csr_matrix(np.array([[1, 1], [0, 2]], np.uint8))
    assert index.gap(held).dtype == np.uint16
    out = np.empty((2, 1), np.uint32)
    assert index.gap(held, out=out) is out
    assert out.tolist() == [[300], [300]]
    assert [index.gap(held, dtype=name).dtype for name in ("u16", "u32")] == [np.uint16, np.uint32]
    with pytest.raises(ps.errors.ArgumentError, match="more than 1 bytes hold"):
        index.gap(held, dtype="u1")
    for dtype in ("i4", "f4", "u8", ">u2"):
        with pytest.raises(TypeError, match="pass uint8, uint16 or uint32"):
            index.gap(held, dtype=dtype)
    for wrong in (np.empty((1, 2), np.uint16), np.empty((2, 2), np.uint16)[:, :1], [[1]]):
        with pytest.raises(TypeError, match=r"pass `out` as a writeable C-contiguous"):
            index.gap(held, dtype="u2", out=wrong)
    with pytest.raises(ps.errors.MemoryLimitError):
        index.gap(held, memory_limit=3)
    with pytest.raises(ps.errors.MemoryLimitError):
        index.top_k(held, 1 << 60)


def test_nothing_is_copied_where_widths_agree():
    dense = np.ones((2, 3), np.uint16)
    matrix = sp.csr_matrix(dense)
    index = ps.Index(matrix)
    for array in (matrix.indptr, matrix.indices, matrix.data):
        array.flags.writeable = False
    assert index.credit(matrix).tolist() == [[3, 3], [3, 3]]


@pytest.mark.parametrize(
    ("arrays", "error", "match"),
    [
        (([0, 2], [1, 0], [1, 1]), ps.errors.ArgumentError, "row 0: its skills"),
        (([0, 2], [1, 1], [1, 1]), ps.errors.ArgumentError, "sum_duplicates"),
        (([0, 1], [-1], [1]), ps.errors.ArgumentError, "row 0: its skills|negative"),
        (([0, 2], [0], [1]), ps.errors.ArgumentError, "row 0: its bounds"),
        (([-1, 1], [0], [1]), ps.errors.ArgumentError, "row 0: its bounds"),
        (([1, 1], [0], [1]), ps.errors.ArgumentError, "row 0: its bounds"),
        (([], [], []), ps.errors.ArgumentError, "row 0: its bounds"),
        (([0, 1], [0], [1, 2]), ps.errors.ArgumentError, "has 2 entries; pass 1"),
        (([0.0, 1.0], [0], [1]), TypeError, "`indptr` of `held` is float64"),
        (([[0, 1]], [0], [1]), TypeError, "2 dimensions; pass a flat array"),
    ],
)
def test_what_is_no_canonical_csr_is_refused(arrays, error, match):
    index = ps.Index(sp.csr_matrix(np.ones((1, 2), np.uint8)))
    bounds, skills = (np.array(part, np.int64 if not part else None) for part in arrays[:2])
    for data in (np.uint8, np.float32):
        held = (bounds, skills, np.array(arrays[2], data))
        call = index.gap if data is np.uint8 else top_of_one
        with pytest.raises(error, match=match):
            call(held)


def test_the_message_says_what_to_pass():
    good = sp.csr_matrix(np.ones((1, 2), np.float32))
    with pytest.raises(TypeError, match=r"`data` of `held` is float64.*astype\(np.float32\)"):
        ps.top_k(good.astype(float), good)
    with pytest.raises(TypeError, match=r"`held` is a csc matrix; pass it as CSR: `.tocsr\(\)`"):
        ps.top_k(good.tocsc(), good)
    with pytest.raises(TypeError, match=r"ndarray.*; pass a SciPy CSR matrix"):
        ps.top_k(good.toarray(), good)
    with pytest.raises(TypeError, match=r"pass \(indptr, indices, data\)"):
        ps.top_k((1, 2), good)
    wide = np.zeros(4, np.float32)[::2]
    with pytest.raises(TypeError, match="`data` of `held` is not contiguous"):
        ps.top_k((good.indptr, good.indices, wide), good)
    with pytest.raises(TypeError, match=r"is float32.*astype\(np.uint16\)"):
        ps.Index(good)
    with pytest.raises(ps.errors.ArgumentError, match="`kernel` is `max`"):
        ps.top_k(good, good, kernel="max")
    with pytest.raises(ps.errors.ArgumentError, match="without weights"):
        ps.top_k(good, good, weights=good)
    with pytest.raises(ps.errors.ArgumentError, match="`weights` is of other cells"):
        ps.top_k(good, good, kernel="min", weights=sp.csr_matrix(np.ones((1, 1), np.float32)))
    with pytest.raises(ps.errors.ArgumentError, match="`k` is 0"):
        ps.top_k(good, good, 0)
    with pytest.raises(ps.errors.ArgumentError, match="eliminate_zeros"):
        ps.Index((good.indptr, good.indices, np.zeros(2, np.uint8)))
    for value in (np.nan, np.inf):
        data = np.array([1, value], np.float32)
        with pytest.raises(ps.errors.ArgumentError, match=r"row 0, skill 1: .* is not a finite"):
            ps.top_k((good.indptr, good.indices, data), good)


def test_of_two_matrices_the_message_names_the_one_at_fault():
    for dtype, kernel in [(np.float32, "dot"), (np.float32, "min"), (np.uint16, "cosine")]:
        good = csr(np.ones((2, 3), dtype))
        bent = (good[0], good[1][::-1].copy(), good[2])
        for held, required, name in [(bent, good, "held"), (good, bent, "required")]:
            with pytest.raises(ps.errors.ArgumentError, match=rf"^`{name}`, row 0: its skills"):
                ps.top_k(held, required, kernel=kernel)
    with pytest.raises(ps.errors.ArgumentError, match=r"^`required`, row 0"):
        ps.Index(bent)
    with pytest.raises(ps.errors.ArgumentError, match=r"^`required`, row 0"):
        ps.Index(good).add(bent)
    for call in (ps.Index(good).gap, ps.Index(good).top_k):
        with pytest.raises(ps.errors.ArgumentError, match=r"^`held`, row 0"):
            call(bent)
    with pytest.raises(ps.errors.ArgumentError, match=r"^`people`, row 0"):
        ps.gap_vectors(bent, good, ([0], [0]))
    with pytest.raises(ps.errors.ArgumentError, match=r"^`targets`, row 0"):
        ps.gap_vectors(good, bent, ([0], [0]))


@pytest.mark.parametrize("columns", [2, 4])
def test_matrices_of_other_columns_are_refused(columns):
    for dtype, kernel in [(np.float32, "dot"), (np.float32, "min"), (np.uint16, "cosine")]:
        required = sp.csr_matrix(np.ones((2, 3), dtype))
        held = sp.csr_matrix(np.ones((1, columns), dtype))
        with pytest.raises(ps.errors.ArgumentError, match="on the 3 columns of `required`"):
            ps.top_k(held, required, kernel=kernel)
        # Bare arrays do not say on how many; a matrix beside them does.
        assert (ps.top_k(csr(held[:, :2]), required, kernel=kernel)[0][0, :2] == [0, 1]).all()
        if columns == 4:
            with pytest.raises(ps.errors.ArgumentError, match=r"^`held`, row 0"):
                ps.top_k(csr(held), required, kernel=kernel)
    index = ps.Index(required)
    for call in (index.gap, index.credit, index.coverage, index.top_k):
        with pytest.raises(ps.errors.ArgumentError, match=rf"on {columns} columns.* on the 3"):
            call(held)
    with pytest.raises(ps.errors.ArgumentError, match="on the 3 columns of `targets`"):
        ps.gap_vectors(held, required, ([0], [0]))
    with pytest.raises(TypeError, match="`held` is one row without columns"):
        index.gap(sp.csr_array(np.ones(3, np.uint16)))


def test_negative_indices_are_named_as_such():
    bent = (np.array([0, 1]), np.array([-1]), np.ones(1, np.float32))
    with pytest.raises(ps.errors.ArgumentError, match="`held` is of negative indices"):
        ps.top_k(bent, bent)


def test_an_index_is_used_and_changed_from_several_threads():
    index = ps.Index(sp.csr_matrix(np.ones((1, 2), np.uint8)))
    one = sp.csr_matrix(np.ones((1, 2), np.uint8))
    failures = []

    def change():
        try:
            for _ in range(50):
                index.add(one)
                index.remove([0])
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=change) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert (index.top_k(one, 1)[1] == 2).all()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(index) == 1


@given(HELD, REQUIRED, st.data())
def test_gap_vectors_are_the_shortfalls_of_their_pairs(held, required, data):
    required = required[(required > 0).any(axis=1)]
    if not len(held) or not len(required):
        return
    people = data.draw(st.lists(st.integers(0, len(held) - 1), max_size=8))
    targets = data.draw(st.lists(st.integers(0, len(required) - 1), min_size=len(people)))
    pairs = (people, targets[: len(people)])
    vectors = ps.gap_vectors(csr(held), csr(required), pairs)
    width = vectors.shape[1]
    missing = np.maximum(required[pairs[1]].astype(int) - held[people].astype(int), 0)
    assert vectors.shape[0] == len(people)
    assert np.array_equal(vectors.toarray(), missing.reshape(-1, COLUMNS)[:, :width])
    assert not missing.reshape(-1, COLUMNS)[:, width:].any()
    vectors.check_format()
    assert (vectors.data > 0).all()


def test_gap_vectors_of_profiles_are_those_that_explanations_tell(people, demo):
    vectors = ps.gap_vectors(people, demo.occupations, (np.array([0, 1]), np.array([0, 0])))
    assert vectors.dtype == np.uint16
    assert vectors.shape == (2, len(demo.skill_ids))
    for row, person in zip(vectors.toarray(), people, strict=True):
        terms = ps.explain(person, demo.occupations[0]).terms
        told = {term["skill"]: term["required"] - (term["held"] or 0) for term in terms}
        for at, skill in enumerate(demo.skill_ids):
            assert row[at] == max(0, told.get(skill, 0))


@pytest.mark.parametrize(
    ("pairs", "error", "match"),
    [
        (([0], [0, 1]), ps.errors.ArgumentError, "pairs"),
        (([-1], [0]), ps.errors.ArgumentError, "`pairs` is -1"),
        (([0], [2**40]), ps.errors.ArgumentError, "pairs"),
        (([0.5], [0]), TypeError, "float64"),
        (([[0]], [[0]]), TypeError, "flat"),
        (3, TypeError, "pass `pairs` as a tuple"),
        ([(0, 0), (1, 1)], TypeError, "pass `pairs` as a tuple"),
    ],
)
def test_pairs_that_are_none_are_refused(people, demo, pairs, error, match):
    with pytest.raises(error, match=match):
        ps.gap_vectors(people, demo.occupations, pairs)


def test_people_and_targets_are_of_one_kind(people):
    with pytest.raises(TypeError, match="Occupations"):
        ps.gap_vectors(people, ONE, ([0], [0]))


def test_an_index_is_pickled_and_copied_as_it_stands():
    rng = np.random.default_rng(3)
    dense = rng.integers(0, 3, (40, 9)).astype(np.uint16)
    matrix = sp.csr_matrix(dense)
    index = ps.Index(matrix, rng.integers(1, 4, matrix.nnz).astype(np.uint16))
    index.remove([0, 7, 39])
    index.add(sp.csr_matrix(dense[:2, :5]))
    for other in (pickle.loads(pickle.dumps(index)), copy.copy(index), copy.deepcopy(index)):
        assert other.columns == index.columns == 9
        assert np.array_equal(other.totals, index.totals)
        assert np.array_equal(other.credit(matrix), index.credit(matrix))
        other.remove([0])
        assert len(other) == len(index) - 1
    required, weights = index.rows()
    again = ps.Index(required, weights)
    assert np.array_equal(again.totals, index.totals)
