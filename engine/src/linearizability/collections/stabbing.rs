//! Windows that contain a point, each found once.

/// Windows in groups; a tree of the greatest last points of windows, ordered by group and first point.
pub struct Stabbing {
    /// Per place in the order: group and first point, and the number of the window.
    starts: Vec<(u32, u32)>,
    numbers: Vec<u32>,
    /// 1 + the greatest last point below each node; 0 for none; the leaves are the second half.
    greatest: Vec<u32>,
    leaves: usize,
}

impl Stabbing {
    /// Windows (group, (first, last)), numbered from 0.
    pub fn new(windows: impl Iterator<Item = (u32, (u32, u32))>) -> Stabbing {
        let mut sorted: Vec<(u32, u32, u32, u32)> = windows
            .zip(0_u32..)
            .map(|((group, (first, last)), number)| (group, first, last, number))
            .collect();
        sorted.sort_unstable_by_key(|&(group, first, ..)| (group, first));
        let leaves = sorted.len().next_power_of_two();
        let mut greatest = vec![0; 2 * leaves];
        for (leaf, window) in greatest[leaves..].iter_mut().zip(&sorted) {
            *leaf = window.2 + 1;
        }
        for node in (1..leaves).rev() {
            greatest[node] = greatest[2 * node].max(greatest[2 * node + 1]);
        }
        Stabbing {
            starts: sorted.iter().map(|window| (window.0, window.1)).collect(),
            numbers: sorted.iter().map(|window| window.3).collect(),
            greatest,
            leaves,
        }
    }

    /// Takes out a window of a group that contains a point.
    pub fn take(&mut self, group: u32, point: u32) -> Option<u32> {
        let from = if group == 0 { 0 } else { self.starts.partition_point(|&start| start < (group, 0)) };
        let to = self.starts.partition_point(|&start| start <= (group, point));
        let leaf = self.find(from, to, point + 1)?;
        let mut node = leaf;
        self.greatest[node] = 0;
        while node > 1 {
            node /= 2;
            self.greatest[node] = self.greatest[2 * node].max(self.greatest[2 * node + 1]);
        }
        Some(self.numbers[leaf - self.leaves])
    }

    /// A leaf in from..to that is at least `least`.
    fn find(&self, from: usize, to: usize, least: u32) -> Option<usize> {
        let (mut left, mut right) = (from + self.leaves, to + self.leaves);
        while left < right {
            if left % 2 == 1 {
                if self.greatest[left] >= least {
                    return Some(self.descend(left, least));
                }
                left += 1;
            }
            if right % 2 == 1 {
                right -= 1;
                if self.greatest[right] >= least {
                    return Some(self.descend(right, least));
                }
            }
            left /= 2;
            right /= 2;
        }
        None
    }

    fn descend(&self, mut node: usize, least: u32) -> usize {
        while node < self.leaves {
            node = 2 * node + usize::from(self.greatest[2 * node] < least);
        }
        node
    }
}
