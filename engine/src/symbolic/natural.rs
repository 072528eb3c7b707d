//! Numbers without end, as far as counting needs them.

/// A natural number in 64-bit digits, the lowest first; no digit is no number at all: 0.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Natural(pub Vec<u64>);

impl Natural {
    pub fn one() -> Natural {
        Natural(vec![1])
    }

    pub fn add(&mut self, other: &Natural) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        let mut carry = false;
        for (at, digit) in self.0.iter_mut().enumerate() {
            let more = other.0.get(at).copied().unwrap_or(0);
            if more == 0 && !carry && at >= other.0.len() {
                return;
            }
            let (sum, over) = digit.overflowing_add(more);
            let (sum, over_again) = sum.overflowing_add(u64::from(carry));
            (*digit, carry) = (sum, over || over_again);
        }
        if carry {
            self.0.push(1);
        }
    }

    /// Its bytes, the lowest first.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|digit| digit.to_le_bytes()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carry_goes_through_all_digits() {
        let mut sum = Natural(vec![u64::MAX, u64::MAX]);
        sum.add(&Natural::one());
        assert_eq!(sum, Natural(vec![0, 0, 1]));
        let mut small = Natural::one();
        small.add(&sum);
        assert_eq!(small, Natural(vec![1, 0, 1]));
        small.add(&Natural::default());
        assert_eq!(small, Natural(vec![1, 0, 1]));
    }
}
