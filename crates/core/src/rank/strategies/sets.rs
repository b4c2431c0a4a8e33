//! What two sides share, over what either has.

use crate::error::{Error, Result};
use crate::matrix::{HeldRow, RequiredRow};
use crate::rank::strategy::{Strategy, Sum, View};

/// A strategy on the credit alone, whose constants are how much each side has.
macro_rules! shares {
    ($kind:ident, $name:literal, $view:expr, $finish:expr, $reach:expr) => {
        impl Strategy for $kind {
            fn name(&self) -> &'static str {
                $name
            }

            fn sum(&self) -> Sum {
                Sum::Credit
            }

            fn view(&self) -> View {
                $view
            }

            fn person(&self, held: HeldRow<'_>) -> f64 {
                $view.amount(held)
            }

            fn target(&self, required: RequiredRow<'_>) -> f64 {
                $view.total(required)
            }

            #[inline(always)]
            fn finish(&self, sum: f64, person: f64, target: f64) -> f64 {
                let finish: fn(f64, f64, f64) -> f64 = $finish;
                finish(sum, person, target)
            }

            #[inline(always)]
            fn reach(&self, score: f64, person: f64, target: f64) -> Option<f64> {
                let reach: fn(f64, f64, f64) -> f64 = $reach;
                Some(reach(score, person, target))
            }
        }
    };
}

/// |H ∩ R| ÷ |H ∪ R|, in [0, 1], on what is held at all and what is required at all.
///
/// Jaccard, *The distribution of the flora in the alpine zone* (1912). Symmetric: right for
/// occupations against occupations. It misleads about readiness, as what is held beside the
/// requirement lowers it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Jaccard;

shares!(
    Jaccard,
    "jaccard",
    View::Sets,
    |sum, person, target| sum / (person + target - sum),
    |score, person, target| score * (person + target) / (1.0 + score)
);

/// Σ min(h, r) ÷ Σ max(h, r), in [0, 1]: the Jaccard index of levels, weights set aside.
///
/// Růžička, *Anwendung mathematisch-statistischer Methoden in der Geobotanik* (1958). On yes/no
/// levels it is [`Jaccard`]. Scales must compare between skills.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ruzicka;

shares!(
    Ruzicka,
    "ruzicka",
    View::Levels,
    |sum, person, target| sum / (person + target - sum),
    |score, person, target| score * (person + target) / (1.0 + score)
);

/// 2·|H ∩ R| ÷ (|H| + |R|), in [0, 1].
///
/// Dice, *Measures of the amount of ecologic association between species* (1945). It ranks as
/// [`Jaccard`] does, with scores that lie higher.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dice;

shares!(
    Dice,
    "dice",
    View::Sets,
    |sum, person, target| 2.0 * sum / (person + target),
    |score, person, target| score * (person + target) / 2.0
);

/// √(Σ min(h, r) ÷ Σ r · Σ min(h, r) ÷ Σ h), in [0, 1]: the geometric mean of how much of the
/// requirement is held and of how much of what is held is of use, weights set aside.
///
/// On yes/no levels it is [`Ochiai`](super::Ochiai). High only if both directions are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Geometric;

shares!(
    Geometric,
    "geometric",
    View::Levels,
    |sum, person, target| if person == 0.0 { 0.0 } else { sum / (person * target).sqrt() },
    |score, person, target| score * (person * target).sqrt()
);

/// |H ∩ R| ÷ (|H ∩ R| + α·|H − R| + β·|R − H|), in [0, 1].
///
/// Tversky, *Features of Similarity* (1977), with what is held as the first side: α is how much
/// surplus costs and β how much what is missing costs. (1, 1) is [`Jaccard`], (½, ½) is [`Dice`],
/// (0, 1) the share of the requirement that is held.
#[derive(Clone, Debug, PartialEq)]
pub struct Tversky {
    name: String,
    alpha: f64,
    beta: f64,
}

impl Tversky {
    /// What surplus and what is missing cost.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] unless both are finite and at least 0.
    pub fn new(alpha: f64, beta: f64) -> Result<Self> {
        for (name, value) in [("alpha", alpha), ("beta", beta)] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(Error::argument(name, value, "a finite number of at least 0"));
            }
        }
        Ok(Self { name: format!("tversky({alpha},{beta})"), alpha, beta })
    }
}

impl Strategy for Tversky {
    fn name(&self) -> &str {
        &self.name
    }

    fn sum(&self) -> Sum {
        Sum::Credit
    }

    fn view(&self) -> View {
        View::Sets
    }

    fn person(&self, held: HeldRow<'_>) -> f64 {
        View::Sets.amount(held)
    }

    fn target(&self, required: RequiredRow<'_>) -> f64 {
        View::Sets.total(required)
    }

    #[inline(always)]
    fn finish(&self, sum: f64, person: f64, target: f64) -> f64 {
        if sum == 0.0 {
            return 0.0;
        }
        sum / (sum + self.alpha * (person - sum) + self.beta * (target - sum))
    }

    #[inline(always)]
    fn reach(&self, score: f64, person: f64, target: f64) -> Option<f64> {
        let shared = 1.0 - score * (1.0 - self.alpha - self.beta);
        let apart = score * (self.alpha * person + self.beta * target);
        // Where nothing is asked of what is not shared, any sum does.
        Some(if shared > 0.0 { apart / shared } else { 0.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tversky_refuses_costs_below_0() {
        assert!(Tversky::new(0.3, -0.1).is_err());
        assert!(Tversky::new(f64::NAN, 1.0).is_err());
        assert_eq!(Tversky::new(0.3, 0.7).unwrap().name(), "tversky(0.3,0.7)");
    }
}
