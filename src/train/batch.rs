//! How many samples an update uses.

/// How many samples an update uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchSize {
    /// This many; the last batch of an epoch may be shorter.
    Size(usize),
    /// The whole training part: the derivation's case B = m.
    Full,
}

impl BatchSize {
    /// B for a training part of m samples; at least 1.
    pub fn size(self, m: usize) -> usize {
        match self {
            BatchSize::Size(size) => size.min(m).max(1),
            BatchSize::Full => m.max(1),
        }
    }
}
