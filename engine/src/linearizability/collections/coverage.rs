//! How many values stay in each segment, while values are taken away.

const NONE: u32 = u32::MAX;
/// A segment that has been reported.
const TAKEN: u32 = u32::MAX / 2;

/// A tree of least counts; a count is the sum of what lies on the path from the root to the leaf.
pub struct Coverage {
    least: Vec<u32>,
    /// To be subtracted from everything below.
    minus: Vec<u32>,
    leaves: usize,
    /// A Fenwick tree: the exclusive or of all values that stay in a segment is that of a prefix.
    values: Vec<u32>,
}

impl Coverage {
    /// Of values 0, 1, ...: the segments in which they stay, from the first to the one after the last.
    pub fn new(segments: u32, stays: &[(u32, u32)]) -> Coverage {
        let leaves = (segments as usize).next_power_of_two();
        let mut least = vec![TAKEN; 2 * leaves];
        let mut counts = vec![0_i32; segments as usize + 1];
        let mut values = vec![0; segments as usize + 1];
        for (number, &(from, to)) in (0_u32..).zip(stays) {
            counts[from as usize] += 1;
            counts[to as usize] -= 1;
            flip(&mut values, from, number);
            flip(&mut values, to, number);
        }
        let mut count = 0;
        for (leaf, change) in least[leaves..].iter_mut().zip(&counts[..segments as usize]) {
            count += change;
            *leaf = count as u32;
        }
        for node in (1..leaves).rev() {
            least[node] = least[2 * node].min(least[2 * node + 1]);
        }
        Coverage { least, minus: vec![0; leaves], leaves, values }
    }

    /// Reports segments that at most one value covers, with that value (NONE: none), each once.
    pub fn take_low(&mut self, found: &mut Vec<(u32, u32)>) {
        self.collect(1, 0, found);
    }

    /// Takes a value away, and reports as `take_low` does.
    pub fn remove(&mut self, value: u32, (from, to): (u32, u32), found: &mut Vec<(u32, u32)>) {
        flip(&mut self.values, from, value);
        flip(&mut self.values, to, value);
        self.subtract(1, 0, self.leaves, from as usize, to as usize);
        self.collect(1, 0, found);
    }

    fn subtract(&mut self, node: usize, begin: usize, end: usize, from: usize, to: usize) {
        if to <= begin || end <= from {
            return;
        }
        if from <= begin && end <= to {
            self.least[node] -= 1;
            if node < self.leaves {
                self.minus[node] += 1;
            }
            return;
        }
        let middle = usize::midpoint(begin, end);
        self.subtract(2 * node, begin, middle, from, to);
        self.subtract(2 * node + 1, middle, end, from, to);
        self.least[node] = self.least[2 * node].min(self.least[2 * node + 1]) - self.minus[node];
    }

    /// Leaves whose count, less what is to be subtracted above them, is at most 1.
    fn collect(&mut self, node: usize, above: u32, found: &mut Vec<(u32, u32)>) {
        if self.least[node] - above > 1 {
            return;
        }
        if node >= self.leaves {
            let segment = (node - self.leaves) as u32;
            let value = if self.least[node] == above { NONE } else { prefix(&self.values, segment) };
            found.push((segment, value));
            self.least[node] = TAKEN;
            return;
        }
        let above = above + self.minus[node];
        self.collect(2 * node, above, found);
        self.collect(2 * node + 1, above, found);
        self.least[node] = self.least[2 * node].min(self.least[2 * node + 1]) - self.minus[node];
    }
}

/// Puts a number into, or out of, the segments from this one on.
fn flip(tree: &mut [u32], segment: u32, number: u32) {
    let mut at = segment as usize + 1;
    while at <= tree.len() {
        tree[at - 1] ^= number;
        at += at & at.wrapping_neg();
    }
}

/// The exclusive or of the numbers in a segment.
fn prefix(tree: &[u32], segment: u32) -> u32 {
    let mut at = segment as usize + 1;
    let mut sum = 0;
    while at > 0 {
        sum ^= tree[at - 1];
        at &= at - 1;
    }
    sum
}
