//! Things as small numbers, in the order of their appearance.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Equal things have one number.
pub struct Interned<T> {
    numbers: HashMap<Arc<T>, u32>,
    things: Vec<Arc<T>>,
}

impl<T: Hash + Eq> Interned<T> {
    pub fn new() -> Interned<T> {
        Interned { numbers: HashMap::new(), things: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.things.len()
    }

    /// The number of a thing; a new one if it appears for the first time.
    pub fn number(&mut self, thing: T) -> u32 {
        if let Some(&number) = self.numbers.get(&thing) {
            return number;
        }
        let number = self.things.len() as u32;
        let thing = Arc::new(thing);
        self.things.push(Arc::clone(&thing));
        self.numbers.insert(thing, number);
        number
    }

    pub fn get(&self, number: u32) -> Arc<T> {
        Arc::clone(&self.things[number as usize])
    }
}
