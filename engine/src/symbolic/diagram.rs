//! Sets of states as zero-suppressed multi-valued decision diagrams.
//!
//! A node asks for the value of one slot; an arc leads from a value to what the other slots may hold then.  A slot
//! that no node on a path asks for holds 0.  So what is not there yet (a message that nobody has sent, a slot that
//! nobody has used) takes no room, and new values and new slots leave diagrams as they are.
//!
//! After Minato, "Zero-suppressed BDDs for set manipulation in combinatorial problems" (DAC 1993), with more than
//! two values.  Equal sets are one node.

use super::order::{END, Order};

pub type Id = u32;

/// No state.
pub const EMPTY: Id = 0;
/// The one state in which all slots that are left hold 0.
pub const UNIT: Id = 1;

/// A value, and the set of what follows.
pub type Arc = (u32, Id);

pub struct Diagram {
    pub order: Order,
    slots: Vec<u32>,
    /// Where the arcs of each node begin; those of the next one follow.
    starts: Vec<u32>,
    arcs: Vec<Arc>,
    /// Nodes by hash, 0 where there is none.
    table: Vec<Id>,
    /// Arcs of nodes under construction.
    pub stack: Vec<Arc>,
}

impl Diagram {
    pub fn new(order: Order) -> Diagram {
        Diagram {
            order,
            slots: vec![END; 2],
            starts: vec![0; 3],
            arcs: Vec::new(),
            table: vec![0; 1 << 12],
            stack: Vec::new(),
        }
    }

    /// How many nodes there are, in use or not.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn bytes(&self) -> usize {
        self.slots.capacity() * 4
            + self.starts.capacity() * 4
            + self.arcs.capacity() * 8
            + self.table.capacity() * 4
    }

    #[inline]
    pub fn slot(&self, node: Id) -> u32 {
        self.slots[node as usize]
    }

    /// The position of the slot that a node asks for.
    #[inline]
    pub fn position(&self, node: Id) -> u32 {
        let slot = self.slots[node as usize];
        if slot == END { END } else { self.order.position(slot) }
    }

    #[inline]
    pub fn arcs(&self, node: Id) -> &[Arc] {
        &self.arcs[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }

    #[inline]
    pub fn arc_count(&self, node: Id) -> usize {
        (self.starts[node as usize + 1] - self.starts[node as usize]) as usize
    }

    #[inline]
    pub fn arc(&self, node: Id, at: usize) -> Arc {
        self.arcs[self.starts[node as usize] as usize + at]
    }

    /// The node of a slot with the arcs on the stack from `base` on, in ascending order of values; takes them off.
    pub fn make(&mut self, slot: u32, base: usize) -> Id {
        let made = match self.stack[base..] {
            [] => EMPTY,
            [(0, child)] => child,
            _ => self.unique(slot, base),
        };
        self.stack.truncate(base);
        made
    }

    /// The node with one value.
    pub fn single(&mut self, slot: u32, value: u32, child: Id) -> Id {
        if child == EMPTY {
            return EMPTY;
        }
        let base = self.stack.len();
        self.stack.push((value, child));
        self.make(slot, base)
    }

    /// The set that has one state.
    pub fn state(&mut self, values: &[u32]) -> Id {
        let mut made = UNIT;
        for position in (0..self.order.len()).rev() {
            let slot = self.order.slot(position);
            let value = values.get(slot as usize).copied().unwrap_or(0);
            made = self.single(slot, value, made);
        }
        made
    }

    fn unique(&mut self, slot: u32, base: usize) -> Id {
        let mask = self.table.len() - 1;
        let mut at = hash(slot, &self.stack[base..]) as usize & mask;
        while self.table[at] != 0 {
            let known = self.table[at];
            if self.slots[known as usize] == slot && self.arcs(known) == &self.stack[base..] {
                return known;
            }
            at = (at + 1) & mask;
        }
        let made = self.slots.len() as Id;
        self.table[at] = made;
        self.slots.push(slot);
        self.arcs.extend_from_slice(&self.stack[base..]);
        self.starts.push(u32::try_from(self.arcs.len()).expect("memory is limited to fewer arcs"));
        if self.slots.len() * 2 > self.table.len() {
            self.index(self.table.len() * 2);
        }
        made
    }

    fn index(&mut self, size: usize) {
        self.table = vec![0; size];
        for node in 2..self.slots.len() as Id {
            let mut at = hash(self.slot(node), self.arcs(node)) as usize & (size - 1);
            while self.table[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            self.table[at] = node;
        }
    }

    /// Which nodes can be reached from some.  Children have lower numbers than their parents.
    pub fn reachable(&self, roots: &[Id]) -> Vec<bool> {
        let mut live = vec![false; self.slots.len()];
        for &root in roots {
            live[root as usize] = true;
        }
        for node in (2..self.slots.len()).rev() {
            if live[node] {
                for &(_, child) in self.arcs(node as Id) {
                    live[child as usize] = true;
                }
            }
        }
        live
    }

    /// The number of nodes of a set.
    pub fn node_count(&self, root: Id) -> usize {
        self.reachable(&[root]).into_iter().skip(2).filter(|&live| live).count()
    }

    /// Drops all nodes that cannot be reached from `roots`, and tells these their new numbers.
    pub fn collect(&mut self, roots: &mut [Id]) {
        let live = self.reachable(roots);
        let mut numbers = vec![EMPTY; self.slots.len()];
        numbers[UNIT as usize] = UNIT;
        let (mut nodes, mut arcs) = (2, 0);
        for node in 2..self.slots.len() {
            if !live[node] {
                continue;
            }
            numbers[node] = nodes as Id;
            let range = self.starts[node] as usize..self.starts[node + 1] as usize;
            self.slots[nodes] = self.slots[node];
            self.starts[nodes] = arcs as u32;
            for from in range {
                let (value, child) = self.arcs[from];
                self.arcs[arcs] = (value, numbers[child as usize]);
                arcs += 1;
            }
            nodes += 1;
        }
        self.slots.truncate(nodes);
        self.starts.truncate(nodes);
        self.starts.push(arcs as u32);
        self.arcs.truncate(arcs);
        for root in roots {
            *root = numbers[*root as usize];
        }
        let size = (self.slots.len() * 4).next_power_of_two().max(1 << 12);
        self.index(size);
        if self.slots.capacity() > self.slots.len() * 4 {
            self.slots.shrink_to(self.slots.len() * 2);
            self.starts.shrink_to(self.starts.len() * 2);
            self.arcs.shrink_to(self.arcs.len() * 2);
        }
    }
}

fn hash(slot: u32, arcs: &[Arc]) -> u64 {
    let mut hash = u64::from(slot).wrapping_mul(0xA24B_AED4_963E_E407);
    for &(value, child) in arcs {
        hash = (hash ^ (u64::from(value) << 32 | u64::from(child))).wrapping_mul(0x9FB2_1C65_1E98_DF25);
        hash ^= hash >> 29;
    }
    hash
}
