//! Which slot comes where in a diagram: position 0 is at the root.

/// After every slot.
pub const END: u32 = u32::MAX;

#[derive(Default, Clone)]
pub struct Order {
    /// Slots by position.
    slots: Vec<u32>,
    /// Positions by slot.
    positions: Vec<u32>,
}

impl Order {
    /// An order of slots; those that it does not name come last.
    pub fn new(slots: Vec<u32>) -> Order {
        let mut order = Order { slots, positions: Vec::new() };
        order.number();
        order
    }

    pub fn len(&self) -> u32 {
        self.slots.len() as u32
    }

    /// One more than the highest slot.
    pub fn extent(&self) -> usize {
        self.positions.len()
    }

    /// How many slots there are below one.
    pub fn count_below(&self, slot: u32) -> usize {
        self.slots.iter().filter(|&&known| known < slot).count()
    }

    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    #[inline]
    pub fn position(&self, slot: u32) -> u32 {
        self.positions[slot as usize]
    }

    #[inline]
    pub fn slot(&self, position: u32) -> u32 {
        self.slots[position as usize]
    }

    pub fn knows(&self, slot: u32) -> bool {
        self.positions.get(slot as usize).is_some_and(|&position| position != END)
    }

    /// Makes room for a new slot.  The others keep their order, so diagrams stay as they are: states hold 0 there.
    pub fn insert(&mut self, slot: u32, position: u32) {
        self.slots.insert(position as usize, slot);
        self.number();
    }

    fn number(&mut self) {
        let most = self.slots.iter().copied().max().map_or(0, |slot| slot as usize + 1);
        self.positions = vec![END; most];
        for (position, &slot) in self.slots.iter().enumerate() {
            self.positions[slot as usize] = position as u32;
        }
    }
}
