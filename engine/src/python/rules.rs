use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;

use crate::rules::{Kind, Leaf, Observation, Operator, Outcome, RuleSet, View};

pyo3::create_exception!(
    _engine,
    Contradiction,
    PyException,
    "A run observed something else than an earlier one."
);

/// Slots, and the decision trees of footprints over them; shared by every engine.
#[pyclass(frozen, module = "dscheck._engine")]
#[derive(Default)]
pub struct Rules {
    pub shared: Arc<RwLock<RuleSet>>,
}

type Footprint = (Vec<(i64, u32)>, i64);

impl Rules {
    fn read(&self) -> RwLockReadGuard<'_, RuleSet> {
        self.shared.read().expect("rules are not poisoned")
    }

    fn write(&self) -> RwLockWriteGuard<'_, RuleSet> {
        self.shared.write().expect("rules are not poisoned")
    }
}

fn no_such(what: &str, id: u32) -> PyErr {
    PyValueError::new_err(format!("there is no {what} {id}"))
}

fn check(what: &str, id: u32, count: usize) -> PyResult<()> {
    if (id as usize) < count { Ok(()) } else { Err(no_such(what, id)) }
}

fn leaf_from(number: i64) -> Leaf {
    match number {
        -1 => Leaf::Disabled,
        0.. => Leaf::Outcome(number as u32),
        _ => Leaf::Fault((-2 - number) as u32),
    }
}

fn number_of(leaf: Leaf) -> i64 {
    match leaf {
        Leaf::Disabled => -1,
        Leaf::Outcome(outcome) => i64::from(outcome),
        Leaf::Fault(fault) => -2 - i64::from(fault),
    }
}

#[pymethods]
impl Rules {
    #[new]
    fn new() -> Rules {
        Rules::default()
    }

    #[pyo3(signature = (*, boolean = false))]
    fn add_slot(&self, boolean: bool) -> u32 {
        self.write().add_slot(boolean)
    }

    fn grow_slot(&self, slot: u32, size: u32) -> PyResult<()> {
        let mut rules = self.write();
        check("slot", slot, rules.slots.len())?;
        rules.grow_slot(slot, size);
        Ok(())
    }

    fn add_group(&self) -> u32 {
        self.write().add_group()
    }

    fn extend_group(&self, group: u32, slot: u32) -> PyResult<()> {
        let mut rules = self.write();
        check("group", group, rules.groups.len())?;
        check("slot", slot, rules.slots.len())?;
        rules.extend_group(group, slot);
        Ok(())
    }

    fn add_view(&self, slot: u32) -> PyResult<u32> {
        let mut rules = self.write();
        check("slot", slot, rules.slots.len())?;
        rules.views.push(View { slot, results: Vec::new() });
        Ok(rules.views.len() as u32 - 1)
    }

    fn extend_view(&self, view: u32, results: Vec<u32>) -> PyResult<()> {
        let mut rules = self.write();
        check("view", view, rules.views.len())?;
        rules.views[view as usize].results.extend(results);
        Ok(())
    }

    fn observe_slot(&self, slot: u32) -> PyResult<u32> {
        let mut rules = self.write();
        check("slot", slot, rules.slots.len())?;
        Ok(rules.observe(Observation::Slot(slot)))
    }

    fn observe_view(&self, view: u32) -> PyResult<u32> {
        let mut rules = self.write();
        check("view", view, rules.views.len())?;
        Ok(rules.observe(Observation::View(view)))
    }

    fn observe_size(&self, group: u32) -> PyResult<u32> {
        let mut rules = self.write();
        check("group", group, rules.groups.len())?;
        Ok(rules.observe(Observation::Size(group)))
    }

    fn observe_next(&self, group: u32, after: u32) -> PyResult<u32> {
        let mut rules = self.write();
        check("group", group, rules.groups.len())?;
        Ok(rules.observe(Observation::Next { group, after }))
    }

    fn add_operator(&self, slot: u32) -> PyResult<u32> {
        let mut rules = self.write();
        check("slot", slot, rules.slots.len())?;
        rules.operators.push(Operator { slot, table: Vec::new() });
        Ok(rules.operators.len() as u32 - 1)
    }

    fn define_operator(&self, operator: u32, entries: Vec<(u32, u32)>) -> PyResult<()> {
        let mut rules = self.write();
        check("operator", operator, rules.operators.len())?;
        let size = rules.slots[rules.operators[operator as usize].slot as usize].size as usize;
        for (before, after) in entries {
            check("value", before, size)?;
            check("value", after, size)?;
            rules.operators[operator as usize].define(before, after);
        }
        Ok(())
    }

    fn add_outcome(&self, writes: Vec<(u32, u32)>, operators: Vec<u32>) -> PyResult<u32> {
        let mut rules = self.write();
        operators.iter().try_for_each(|&operator| check("operator", operator, rules.operators.len()))?;
        Ok(rules.add_outcome(Outcome { writes, operators }))
    }

    fn add_tree(&self, kind: &str) -> PyResult<u32> {
        let kind = match kind {
            "step" => Kind::Step,
            "always" => Kind::Always,
            "sometimes" => Kind::Sometimes,
            "bound" => Kind::Bound,
            "ends" => Kind::Ends,
            "map" => Kind::Map,
            _ => return Err(PyValueError::new_err(format!("there is no kind of tree called {kind:?}"))),
        };
        Ok(self.write().forest.add_tree(kind))
    }

    fn learn(&self, tree: u32, path: Vec<(i64, u32)>, leaf: i64) -> PyResult<()> {
        let mut rules = self.write();
        check("tree", tree, rules.forest.trees.len())?;
        for &(what, _) in path.iter().filter(|(what, _)| *what >= 0) {
            check("observation", what as u32, rules.observations.len())?;
        }
        for &(what, picked) in path.iter().filter(|(what, _)| *what < 0) {
            check("alternative", picked, what.unsigned_abs() as usize)?;
        }
        rules.check_leaf(tree, leaf_from(leaf)).map_err(PyValueError::new_err)?;
        rules
            .learn(tree, &path, leaf_from(leaf))
            .map_err(|found| Contradiction::new_err((found.tree, found.position, found.expected, found.got)))
    }

    fn footprints(&self, tree: u32) -> PyResult<Vec<Footprint>> {
        let rules = self.read();
        check("tree", tree, rules.forest.trees.len())?;
        let mut found = Vec::new();
        rules.forest.each_footprint(tree, &mut |_, path, leaf| found.push((path.to_vec(), number_of(leaf))));
        Ok(found)
    }

    fn dependencies(&self) -> Vec<(u32, Vec<u32>)> {
        self.read().dependencies()
    }

    fn slot_count(&self) -> usize {
        self.read().slots.len()
    }

    fn footprint_count(&self) -> u64 {
        self.read().forest.footprints
    }
}
