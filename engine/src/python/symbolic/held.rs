//! The sets that Python holds, whose nodes must be kept.

use std::sync::{Arc, Mutex};

use pyo3::prelude::*;

use crate::symbolic::{EMPTY, Id};

/// Their nodes, by number.
#[derive(Default)]
pub struct Roots {
    pub nodes: Vec<Id>,
    free: Vec<usize>,
}

impl Roots {
    fn hold(&mut self, node: Id) -> usize {
        match self.free.pop() {
            Some(key) => {
                self.nodes[key] = node;
                key
            }
            None => {
                self.nodes.push(node);
                self.nodes.len() - 1
            }
        }
    }

    fn release(&mut self, key: usize) {
        self.nodes[key] = EMPTY;
        self.free.push(key);
    }
}

/// A set of states; it belongs to the diagrams that made it.
#[pyclass(frozen, module = "dscheck._engine")]
pub struct StateSet {
    pub roots: Arc<Mutex<Roots>>,
    key: usize,
}

impl Drop for StateSet {
    fn drop(&mut self) {
        if let Ok(mut roots) = self.roots.lock() {
            roots.release(self.key);
        }
    }
}

impl StateSet {
    /// Holds a node.
    pub fn new(roots: &Arc<Mutex<Roots>>, node: Id) -> StateSet {
        let key = roots.lock().expect("roots are not poisoned").hold(node);
        StateSet { roots: Arc::clone(roots), key }
    }

    pub fn node(&self) -> Id {
        self.roots.lock().expect("roots are not poisoned").nodes[self.key]
    }
}

#[pymethods]
impl StateSet {
    fn __bool__(&self) -> bool {
        self.node() != EMPTY
    }
}
