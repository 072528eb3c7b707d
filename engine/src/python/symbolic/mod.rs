//! Sets of states, as Python calls them.

mod held;
mod work;

use std::sync::{Arc, Mutex, MutexGuard};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use self::held::{Roots, StateSet};
use self::work::Limits;
use super::rules::Rules;
use crate::rules::Leaf;
use crate::symbolic::{DONE, EMPTY, Halt, Id, Judgement, Natural, Place, Probe, Space, Spec, State, Watch};

/// With fewer nodes, any order is good enough.
const FEW_TO_SIFT: usize = 10_000;

/// Sets of states of one model, as decision diagrams.
#[pyclass(frozen, module = "dscheck._engine")]
pub struct Diagrams {
    space: Mutex<Space>,
    watch: Arc<Watch>,
    roots: Arc<Mutex<Roots>>,
    limits: Mutex<Limits>,
    /// So many nodes were in use when others were dropped.
    in_use: Mutex<usize>,
}

/// A tree, and two of: picks, a state.
type Numbers = (u32, Vec<u32>, Vec<u32>);
type Question = (&'static str, u32, Vec<u32>, Vec<u32>);

impl Diagrams {
    fn lock(&self) -> MutexGuard<'_, Space> {
        self.space.lock().expect("the space is not poisoned")
    }

    fn hold(&self, node: Id) -> StateSet {
        StateSet::new(&self.roots, node)
    }

    fn collect(&self, space: &mut Space) {
        let mut roots = self.roots.lock().expect("roots are not poisoned");
        space.collect(&mut roots.nodes);
        *self.in_use.lock().expect("it is not poisoned") = space.diagram.len();
    }
}

#[pymethods]
impl Diagrams {
    #[new]
    fn new(rules: &Rules, order: Vec<u32>, room: usize) -> PyResult<Diagrams> {
        let mut sorted = order.clone();
        sorted.sort_unstable();
        if sorted.iter().enumerate().any(|(at, &slot)| at as u32 != slot) {
            return Err(PyValueError::new_err("an order has every slot from 0 on once"));
        }
        let space = Space::new(rules.shared.clone(), order, room);
        let watch = Arc::clone(&space.watch);
        Ok(Diagrams {
            space: Mutex::new(space),
            watch,
            roots: Arc::default(),
            limits: Mutex::default(),
            in_use: Mutex::default(),
        })
    }

    #[pyo3(signature = (*, seconds = None, memory = None, progress = None, pause = 0.2))]
    fn limit(
        &self,
        seconds: Option<f64>,
        memory: Option<u64>,
        progress: Option<Py<PyAny>>,
        pause: f64,
    ) -> PyResult<()> {
        *self.limits.lock().expect("limits are not poisoned") =
            Limits::new(seconds, memory, progress, pause)?;
        Ok(())
    }

    /// Why the work was broken off; the next one is not.
    fn take_halt(&self) -> Option<&'static str> {
        let why = self.watch.halted()?;
        self.watch.resume();
        Some(match why {
            Halt::Full | Halt::Memory => "memory",
            Halt::Explosion => "nodes",
            Halt::Found => "found",
            Halt::Time => "time",
            Halt::Interrupted => "interrupted",
        })
    }

    fn states(&self, py: Python<'_>, states: Vec<Vec<u32>>) -> PyResult<StateSet> {
        let made = self.work(py, [], move |space, []| {
            states.iter().fold(EMPTY, |set, values| {
                let state = space.diagram.state(values);
                space.union(set, state)
            })
        })?;
        Ok(self.hold(made))
    }

    #[pyo3(signature = (*, questions_only = false, stops_at_findings = true))]
    fn prepare(&self, py: Python<'_>, questions_only: bool, stops_at_findings: bool) -> PyResult<()> {
        self.work(py, [], |space, []| {
            space.stops_at_findings = stops_at_findings;
            space.prepare(questions_only);
        })
    }

    #[pyo3(signature = (set, *, closed, nodes = None))]
    fn saturate(
        &self,
        py: Python<'_>,
        set: &StateSet,
        closed: bool,
        nodes: Option<usize>,
    ) -> PyResult<StateSet> {
        let made = self.work(py, [set], |space, [from]| {
            let (mut set, mut closed) = (from, closed);
            space.explosion = nodes.map_or(usize::MAX, |nodes| space.diagram.len().saturating_add(nodes));
            loop {
                set = space.saturate(set, closed);
                if self.watch.halted() != Some(Halt::Full) {
                    break;
                }
                let kept = self.hold(set);
                self.collect(space);
                set = kept.node();
                if space.diagram.bytes() > space.room / 2 {
                    self.watch.halt(Halt::Memory);
                    break;
                }
                self.watch.resume();
                closed = false;
            }
            space.explosion = usize::MAX;
            set
        })?;
        Ok(self.hold(made))
    }

    fn settle(&self) {
        self.lock().settle();
    }

    fn probe(&self, py: Python<'_>, set: &StateSet) -> PyResult<()> {
        self.work(py, [set], |space, [set]| {
            space.probe_all_fit(set);
            space.probe(set, 0);
        })
    }

    /// What was seen: gap, broken, raised or reached, the tree, its picks, and a state of the set.
    fn seen(&self, py: Python<'_>, set: &StateSet) -> PyResult<Vec<Question>> {
        self.work(py, [set], |space, [set]| {
            let mut found = Vec::new();
            for probe in 0..space.probes.len() {
                if !space.hit[probe] {
                    continue;
                }
                let Probe { judgement, tree, places } = space.probes[probe].clone();
                if judgement == Judgement::Gap {
                    let unknown = space.unknown(set, tree).into_iter();
                    found.extend(unknown.map(|(picks, state)| (name_of(judgement), tree, picks, state)));
                    continue;
                }
                for Place { picks, relation, .. } in places {
                    if let Some(state) = space.witness(set, relation, false) {
                        found.push((name_of(judgement), tree, picks, state.values));
                    }
                }
            }
            found
        })
    }

    /// The same for the gaps of some trees, of which Python may have taught since.
    fn gaps_of(&self, py: Python<'_>, set: &StateSet, trees: Vec<u32>) -> PyResult<Vec<Numbers>> {
        self.work(py, [set], |space, [set]| {
            space.recompile(&trees);
            let mut found = Vec::new();
            for tree in trees {
                let unknown = space.unknown(set, tree).into_iter();
                found.extend(unknown.map(|(picks, state)| (tree, state, picks)));
            }
            found
        })
    }

    fn missing(&self) -> Vec<(u32, u32)> {
        self.lock().missing.iter().copied().collect()
    }

    fn missing_in_spec(&self) -> Vec<(u32, u32)> {
        self.lock().spec.iter().flat_map(|spec| &spec.missing).copied().collect()
    }

    fn retire(&self, tree: u32) {
        let mut space = self.lock();
        let trees = space.retired.len().max(tree as usize + 1);
        space.retired.resize(trees, false);
        space.retired[tree as usize] = true;
    }

    fn next(&self, py: Python<'_>, set: &StateSet) -> PyResult<StateSet> {
        let made = self.work(py, [set], |space, [set]| space.next(set, 0))?;
        Ok(self.hold(made))
    }

    fn enabled(&self, py: Python<'_>, set: &StateSet) -> PyResult<StateSet> {
        let made =
            self.work(
                py,
                [set],
                |space, [set]| if space.is_always_enabled() { set } else { space.enabled(set, 0) },
            )?;
        Ok(self.hold(made))
    }

    /// The states of a set in which some tree of `trees` ends in a leaf: 0 or 1 of a property.
    fn select(&self, py: Python<'_>, set: &StateSet, trees: Vec<u32>, leaf: u32) -> PyResult<StateSet> {
        let made = self.work(py, [set], |space, [set]| {
            let mut made = EMPTY;
            for tree in trees {
                let paths = space.trees.get(tree as usize).map(|tree| tree.paths.clone()).unwrap_or_default();
                for path in paths.iter().filter(|path| path.leaf == Leaf::Outcome(leaf)) {
                    let some = space.select(set, path.guard);
                    made = space.union(made, some);
                }
            }
            made
        })?;
        Ok(self.hold(made))
    }

    fn union(&self, py: Python<'_>, a: &StateSet, b: &StateSet) -> PyResult<StateSet> {
        let made = self.work(py, [a, b], |space, [a, b]| space.union(a, b))?;
        Ok(self.hold(made))
    }

    fn minus(&self, py: Python<'_>, a: &StateSet, b: &StateSet) -> PyResult<StateSet> {
        let made = self.work(py, [a, b], |space, [a, b]| space.minus(a, b))?;
        Ok(self.hold(made))
    }

    fn meet(&self, py: Python<'_>, a: &StateSet, b: &StateSet) -> PyResult<StateSet> {
        let made = self.work(py, [a, b], |space, [a, b]| space.meet(a, b))?;
        Ok(self.hold(made))
    }

    fn count(&self, py: Python<'_>, set: &StateSet) -> PyResult<Py<PyAny>> {
        let count = self.work(py, [set], |space, [set]| space.count(set))?;
        integer(py, &count)
    }

    /// How many steps the states of a set take with a tree, and how many of them take one.
    fn count_steps(&self, py: Python<'_>, set: &StateSet, tree: u32) -> PyResult<(Py<PyAny>, Py<PyAny>)> {
        let (taken, enabled) = self.work(py, [set], |space, [set]| space.count_steps(set, tree))?;
        Ok((integer(py, &taken)?, integer(py, &enabled)?))
    }

    /// Whether some state of a set takes a step with a tree.
    fn is_possible(&self, py: Python<'_>, set: &StateSet, tree: u32) -> PyResult<bool> {
        self.work(py, [set], |space, [set]| {
            let paths = space.trees[tree as usize].paths.clone();
            paths.iter().any(|path| matches!(path.leaf, Leaf::Outcome(_)) && space.holds(set, path.guard))
        })
    }

    fn pick(&self, py: Python<'_>, set: &StateSet) -> PyResult<Option<Vec<u32>>> {
        let picked = self.work(py, [set], |space, [set]| space.witness(set, DONE, false))?;
        Ok(picked.map(|state| state.values))
    }

    fn pick_pair(&self, py: Python<'_>, set: &StateSet) -> PyResult<Option<Vec<u32>>> {
        let picked = self.work(py, [set], |space, [set]| space.witness(set, DONE, false))?;
        Ok(picked.map(|state| state.pair))
    }

    /// (tree, picks, state) of a step from a state of the set to the target.
    #[pyo3(signature = (set, target, pair = Vec::new()))]
    fn before(
        &self,
        py: Python<'_>,
        set: &StateSet,
        target: Vec<u32>,
        pair: Vec<u32>,
    ) -> PyResult<Option<Numbers>> {
        let target = State { values: target, pair };
        let found = self.work(py, [set], |space, [set]| space.before(set, &target))?;
        Ok(found.map(|before| (before.tree, before.picks, before.values)))
    }

    /// Checks steps against those of an abstract model, too.
    fn attach(&self, spec: &Rules) {
        self.lock().spec = Some(Spec::new(spec.shared.clone()));
    }

    fn mapped(&self, py: Python<'_>, set: &StateSet, side: u32) -> PyResult<StateSet> {
        let made = self.work(py, [set], |space, [set]| space.mapped(set, side.min(1)))?;
        Ok(self.hold(made))
    }

    fn changes(&self, py: Python<'_>, set: &StateSet) -> PyResult<StateSet> {
        let made = self.work(py, [set], |space, [set]| space.changes(set))?;
        Ok(self.hold(made))
    }

    fn with_pair(&self, py: Python<'_>, set: &StateSet, pair: Vec<u32>) -> PyResult<StateSet> {
        let made = self.work(py, [set], |space, [set]| space.with_pair(set, &pair))?;
        Ok(self.hold(made))
    }

    fn unexplained(&self, py: Python<'_>, changes: &StateSet) -> PyResult<StateSet> {
        let made = self.work(py, [changes], |space, [changes]| space.unexplained(changes))?;
        Ok(self.hold(made))
    }

    fn values(&self, py: Python<'_>, set: &StateSet) -> PyResult<Vec<Vec<u32>>> {
        self.work(py, [set], |space, [set]| space.values(set))
    }

    /// Nodes of a set; nodes of all sets, in use or not; bytes of them.
    fn size(&self, set: &StateSet) -> PyResult<(usize, usize, usize)> {
        let space = self.lock();
        let set = set.node();
        Ok((space.diagram.node_count(set), space.diagram.len(), space.diagram.bytes() + space.cache.bytes()))
    }

    fn reorder(&self, py: Python<'_>, order: Vec<u32>) -> PyResult<()> {
        self.work(py, [], |space, []| {
            let mut roots = self.roots.lock().expect("roots are not poisoned");
            space.reorder(order, &mut roots.nodes);
        })
    }

    #[pyo3(signature = (*, few = FEW_TO_SIFT))]
    fn sift(&self, py: Python<'_>, few: usize) -> PyResult<bool> {
        self.work(py, [], |space, []| {
            let mut roots = self.roots.lock().expect("roots are not poisoned");
            space.sift(&mut roots.nodes, few)
        })
    }

    fn order(&self) -> Vec<u32> {
        self.lock().diagram.order.slots().to_vec()
    }
}

fn integer(py: Python<'_>, number: &Natural) -> PyResult<Py<PyAny>> {
    let int = py.get_type::<pyo3::types::PyInt>();
    Ok(int.call_method1("from_bytes", (number.bytes(), "little"))?.unbind())
}

fn name_of(judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Gap => "gap",
        Judgement::Broken => "broken",
        Judgement::Raised => "raised",
        Judgement::Reached => "reached",
    }
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Diagrams>()?;
    module.add_class::<StateSet>()
}
