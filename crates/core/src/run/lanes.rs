//! How wide the vectors are.

/// How wide the vectors are. Results are the same bits for each.
///
/// There is no way to name a width that this machine lacks: [`Lanes::detect`] and
/// [`Lanes::available`] are where they come from.
///
/// # Example
///
/// ```
/// use passerelle::run::Lanes;
///
/// let all = Lanes::available();
/// assert_eq!(all[0], Lanes::SCALAR);
/// assert!(all.contains(&Lanes::detect()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lanes(Width);

/// The widths there is code for, narrowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Width {
    /// Plain code, for any machine.
    Scalar,
    /// 32 bytes: x86-64 with AVX2.
    Avx2,
    /// 64 bytes: x86-64 with AVX-512 BW, VL, VBMI and VBMI2.
    Avx512,
}

impl Default for Lanes {
    fn default() -> Self {
        Self::detect()
    }
}

impl Lanes {
    /// Plain code, for any machine.
    pub const SCALAR: Self = Self(Width::Scalar);

    /// The widest this machine has, or what `PASSERELLE_LANES` (`scalar`, `avx2`, `avx512`)
    /// asks for where the machine has it.
    #[must_use]
    pub fn detect() -> Self {
        let widest = Self::widest();
        let asked = std::env::var("PASSERELLE_LANES").ok().and_then(|name| match name.as_str() {
            "scalar" => Some(Width::Scalar),
            "avx2" => Some(Width::Avx2),
            "avx512" => Some(Width::Avx512),
            _ => None,
        });
        Self(asked.map_or(widest, |asked| asked.min(widest)))
    }

    /// Every width this machine has, narrowest first.
    #[must_use]
    pub fn available() -> Vec<Self> {
        let widest = Self::widest();
        let all = [Width::Scalar, Width::Avx2, Width::Avx512];
        all.into_iter().filter(|&kind| kind <= widest).map(Self).collect()
    }

    #[cfg(target_arch = "x86_64")]
    fn widest() -> Width {
        let avx512 = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vbmi")
            && is_x86_feature_detected!("avx512vbmi2")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("popcnt");
        let avx2 = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("popcnt");
        match (avx512, avx2) {
            (true, true) => Width::Avx512,
            (false, true) => Width::Avx2,
            _ => Width::Scalar,
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn widest() -> Width {
        Width::Scalar
    }

    /// The width, which this machine has.
    pub(crate) fn width(self) -> Width {
        self.0
    }
}
