"""Estimators for scikit-learn: gaps as features, and the best targets as predictions.

It comes with ``pip install passerelle[sklearn]``. Rows are people, columns skills, cells the levels
held: what `Profiles.to_csr` gives, or any matrix of finite numbers from 0, sparse or dense. The
targets are occupations of a framework, any other matrix on the same columns, or, where none are
passed, the rows that ``fit`` is given, as those of `sklearn.neighbors.NearestNeighbors` are.

Whole levels of uint8 or uint16 on both sides are summed exactly; other numbers as float32, as
`passerelle.top_k` does.
"""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import normalize
from sklearn.utils.validation import (
    check_array,
    check_is_fitted,
    check_non_negative,
    column_or_1d,
    validate_data,
)

from passerelle import Index, Occupations, top_k
from passerelle.errors import ArgumentError

__all__ = ["GapTransformer", "TargetRecommender"]

#: What is asked of a matrix; numbers of other dtypes are rounded to float32.
_CHECKS: dict[str, Any] = {"accept_sparse": "csr", "dtype": (np.float32, np.uint16, np.uint8)}


class _Targets(BaseEstimator):  # type: ignore[misc]
    """What both estimators are fitted with: targets, and their weights."""

    targets: Any
    weights: Any
    threads: int | None

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002, N803
        """Take the targets; where none were passed, the rows of `X`.

        Parameters
        ----------
        X : array or sparse matrix
            Levels, (rows, skills), finite and from 0.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        ValueError
            What is not finite or below 0; targets on other columns.
        """
        rows = self._checked(X, reset=True)
        if isinstance(self.targets, Occupations):
            if self.weights is not None:
                raise ArgumentError("`weights` beside occupations, which have their own")
            levels, weights = self.targets.to_csr()
            self.targets_ = np.array(self.targets.ids)
        else:
            levels = rows if self.targets is None else _matrix(self.targets, "targets")
            weights = levels.copy()
            weights.data = np.ones_like(levels.data)
            if self.weights is not None:
                weights = _matrix(self.weights, "weights")
            self.targets_ = np.arange(levels.shape[0])
        if levels.shape[1] != self.n_features_in_:
            raise ArgumentError(
                f"the targets are on {levels.shape[1]} columns, `X` on {self.n_features_in_};"
                " pass both on the same skills"
            )
        if not _stand_alike(levels, weights):
            raise ArgumentError("`weights` is of other cells than the targets; pass those of each")
        self._levels, self._weights = levels, weights.data
        return self

    def _checked(self, X: Any, *, reset: bool) -> Any:  # noqa: N803
        return _canonical(validate_data(self, X, reset=reset, **_CHECKS), type(self).__name__)

    def _held(self, X: Any) -> Any:  # noqa: N803
        check_is_fitted(self)
        return self._checked(X, reset=False)

    def _index(self, held: Any) -> Index | None:
        """Give the index of the targets, if all numbers are whole."""
        kinds = {part.dtype.kind for part in (held, self._levels, self._weights)}
        whole = kinds == {"u"}
        return Index(self._levels, self._weights, threads=self.threads) if whole else None

    def _floats(self) -> tuple[Any, NDArray[np.float32], NDArray[np.float32]]:
        """Give levels, weights and totals as floats."""
        levels, weights = self._levels.astype(np.float32), self._weights.astype(np.float32)
        weighed = levels.copy()
        weighed.data *= weights
        return levels, weights, np.asarray(weighed.sum(axis=1), np.float32).ravel()

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        return tags


class GapTransformer(TransformerMixin, _Targets):  # type: ignore[misc]
    """How far each person is from each target, as features.

    Parameters
    ----------
    targets : Occupations, array or sparse matrix, optional
        What people are compared with; by default the rows that `fit` is given.
    measure : {"coverage", "credit", "gap"}, default "coverage"
        The share held of what a target requires, in [0, 1]; Σ w·min(required, held); or what is
        left of the total. What a row does not speak of counts as not held.
    weights : array or sparse matrix, optional
        How much each cell of a matrix of targets counts, above 0; 1 without it.
    threads : int, optional
        See :ref:`long calls <long-calls>`.

    Attributes
    ----------
    targets_ : numpy.ndarray
        The ids of the occupations; of other targets, their positions.
    n_features_in_ : int
        How many skills there are.

    Examples
    --------
    >>> from passerelle.sklearn import GapTransformer
    >>> demo = ps.Framework.read_csv(folder)
    >>> people = ps.Profiles.from_frame(frame, demo)
    >>> GapTransformer(demo.occupations).fit_transform(people.to_csr())
    array([[0.5, 0. ],
           [0.5, 1. ]], dtype=float32)
    """

    def __init__(
        self,
        targets: Any = None,
        *,
        measure: str = "coverage",
        weights: Any = None,
        threads: int | None = None,
    ) -> None:
        self.targets = targets
        self.measure = measure
        self.weights = weights
        self.threads = threads

    def transform(self, X: Any) -> NDArray[np.float32]:  # noqa: N803
        """Measure how far each row is from each target.

        Parameters
        ----------
        X : array or sparse matrix
            Levels held, (people, skills).

        Returns
        -------
        numpy.ndarray
            float32, (people, targets).

        Raises
        ------
        ValueError
            What is not finite or below 0; another number of columns; an unknown `measure`.
        """
        held = self._held(X)
        _one_of("measure", self.measure, ("coverage", "credit", "gap"))
        if (index := self._index(held)) is not None:
            figure = getattr(index, self.measure)(held, threads=self.threads)
            return np.asarray(figure, np.float32)
        levels, weights, totals = self._floats()
        credit = np.zeros((held.shape[0], len(totals)), np.float32)
        how: dict[str, Any] = {"kernel": "min", "weights": weights, "threads": self.threads}
        at, sums = top_k(held.astype(np.float32), levels, max(len(totals), 1), **how)
        rows, ranks = np.nonzero(at >= 0)
        credit[rows, at[rows, ranks]] = sums[rows, ranks]
        if self.measure == "credit":
            return credit
        if self.measure == "gap":
            return np.maximum(totals - credit, 0)
        # What requires nothing is covered.
        return np.divide(credit, totals, out=np.ones_like(credit), where=totals > 0).clip(max=1)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Name the columns of what comes out: by the ids of occupations, or as ``"target0"``.

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        numpy.ndarray
            Texts, (targets,).
        """
        check_is_fitted(self)
        named = self.targets_.dtype.kind == "U"
        return np.array([t if named else f"target{t}" for t in self.targets_], dtype=object)


class TargetRecommender(_Targets):
    """The best targets for each person.

    Parameters
    ----------
    targets : Occupations, array or sparse matrix, optional
        What is recommended; by default the rows that `fit` is given.
    k : int, default 10
        How many to keep for each person, at least 1.
    by : {"coverage", "credit", "cosine", "dot"}, default "coverage"
        What ranks them: credit ÷ total, credit, the cosine of the two rows, or Σ held·required.
        For every strategy of the library, `passerelle.rank` takes profiles.
    weights : array or sparse matrix, optional
        With coverage and credit, how much each cell of a matrix of targets counts, above 0; 1
        without it.
    threads : int, optional
        See :ref:`long calls <long-calls>`.

    Attributes
    ----------
    targets_ : numpy.ndarray
        The ids of the occupations; of other targets, their positions.
    n_features_in_ : int
        How many skills there are.

    Examples
    --------
    >>> from passerelle.sklearn import TargetRecommender
    >>> demo = ps.Framework.read_csv(folder)
    >>> people = ps.Profiles.from_frame(frame, demo).to_csr()
    >>> TargetRecommender(demo.occupations, k=1).fit(people).predict(people)
    array(['welder', 'fitter'], dtype='<U6')
    """

    def __init__(
        self,
        targets: Any = None,
        *,
        k: int = 10,
        by: str = "coverage",
        weights: Any = None,
        threads: int | None = None,
    ) -> None:
        self.targets = targets
        self.k = k
        self.by = by
        self.weights = weights
        self.threads = threads

    def recommend(self, X: Any) -> tuple[NDArray[Any], NDArray[np.float32]]:  # noqa: N803
        """Rank the best targets for each row.

        Parameters
        ----------
        X : array or sparse matrix
            Levels held, (people, skills).

        Returns
        -------
        targets : numpy.ndarray
            (people, k): of `targets_`, best first; ``""`` or -1 after the last result. A target
            that shares no skill is none.
        scores : numpy.ndarray
            float32, (people, k); 0 after the last result.

        Raises
        ------
        ValueError
            What is not finite or below 0; another number of columns; `k` or `by` out of its range.
        """
        held = self._held(X)
        _one_of("by", self.by, ("coverage", "credit", "cosine", "dot"))
        how: dict[str, Any] = {"threads": self.threads}
        if self.by == "credit" and (index := self._index(held)) is not None:
            at, scores = index.top_k(held, self.k, **how)
        else:
            held = held.astype(np.float32)
            levels, weights, totals = self._floats()
            if self.by == "coverage":
                weights /= np.repeat(totals, np.diff(levels.indptr))
            elif self.by == "cosine":
                held, levels = normalize(held), normalize(levels)
            if self.by in ("coverage", "credit"):
                how |= {"kernel": "min", "weights": weights}
            at, scores = top_k(held, levels, self.k, **how)
        # A position of -1 is the last of these: what stands for no target.
        named = np.append(self.targets_, "" if self.targets_.dtype.kind == "U" else -1)
        return named[at], scores

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """Give the best target of each row.

        Parameters
        ----------
        X : array or sparse matrix
            Levels held, (people, skills).

        Returns
        -------
        numpy.ndarray
            (people,): of `targets_`; ``""`` or -1 for who shares no skill with any.

        Raises
        ------
        ValueError
            As `recommend`.
        """
        best: NDArray[Any] = self.recommend(X)[0][:, 0]
        return best

    def score(self, X: Any, y: Any) -> float:  # noqa: N803
        """Give the share of rows whose own target is among their `k` best.

        Parameters
        ----------
        X : array or sparse matrix
            Levels held, (people, skills).
        y : array
            (people,): the target of each, of `targets_`.

        Returns
        -------
        float
            In [0, 1].

        Raises
        ------
        ValueError
            As `recommend`.
        """
        found = self.recommend(X)[0] == column_or_1d(y)[:, np.newaxis]
        return float(found.any(axis=1).mean())


def _matrix(given: Any, name: str) -> Any:
    return _canonical(check_array(given, input_name=name, **_CHECKS), name)


def _canonical(matrix: Any, whom: str) -> Any:
    """Give what the core reads: sorted rows of cells above 0, each once."""
    check_non_negative(matrix, whom)
    rows = sparse.csr_array(matrix, copy=sparse.issparse(matrix))
    rows.sum_duplicates()
    rows.eliminate_zeros()
    return rows


def _stand_alike(one: Any, other: Any) -> bool:
    return (
        one.shape == other.shape
        and np.array_equal(one.indptr, other.indptr)
        and np.array_equal(one.indices, other.indices)
    )


def _one_of(name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ArgumentError(f"`{name}` is `{value}`; expected one of {', '.join(known)}")
