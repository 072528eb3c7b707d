//! Decision trees of footprints.

use super::observation::Observation;

pub type NodeId = u32;

/// What the method of a tree is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Step,
    Always,
    Sometimes,
    Bound,
    Ends,
    Map,
}

/// How one run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Leaf {
    /// The guard said no.
    Disabled,
    /// The outcome with this id; for properties 1 is true and 0 is false.
    Outcome(u32),
    /// The method raised; Python keeps the exception under this number.
    Fault(u32),
}

/// One node of a tree.
#[derive(Clone, Copy, Debug)]
pub enum Node {
    /// No run has come here yet.
    Unknown,
    /// Ask the observation, go to the child of its answer.  `what` spares a look into the table of observations.
    Observe {
        observation: u32,
        what: Observation,
        children: Children,
    },
    /// Every child is possible.
    Choose {
        children: Children,
    },
    Leaf(Leaf),
}

/// A slice of the forest's shared table of children; entry 0 stands for "no run has come here yet".
#[derive(Clone, Copy, Debug)]
pub struct Children {
    start: u32,
    len: u32,
}

/// Where a walk ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Walk {
    Leaf(Leaf),
    /// A choice: continue with each child.
    Choice(NodeId),
    Gap(Gap),
}

/// A place where a run of Python is missing: equal gaps are filled by the same run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Gap {
    pub node: NodeId,
    pub answer: u32,
}

/// A run observed something else than an earlier run after the same observations.
#[derive(Debug, PartialEq, Eq)]
pub struct Contradiction {
    pub tree: u32,
    pub position: usize,
    /// The observation (or minus the arity of the choice) remembered there; None: the run had ended there.
    pub expected: Option<i64>,
    /// The same of the new run.
    pub got: Option<i64>,
}

#[derive(Clone, Copy)]
pub struct Tree {
    pub kind: Kind,
    pub root: NodeId,
    /// How often it has learned something.
    pub lessons: u32,
}

/// All decision trees; nodes live in one table.
pub struct Forest {
    pub trees: Vec<Tree>,
    nodes: Vec<Node>,
    children: Vec<NodeId>,
    pub footprints: u64,
}

impl Default for Forest {
    fn default() -> Self {
        // Node 0 is the shared "unknown" child, so a fresh table of children is a table of zeros.
        Forest { trees: Vec::new(), nodes: vec![Node::Unknown], children: Vec::new(), footprints: 0 }
    }
}

impl Forest {
    pub fn add_tree(&mut self, kind: Kind) -> u32 {
        self.nodes.push(Node::Unknown);
        self.trees.push(Tree { kind, root: self.nodes.len() as u32 - 1, lessons: 0 });
        self.trees.len() as u32 - 1
    }

    #[inline]
    pub fn node(&self, id: NodeId) -> Node {
        self.nodes[id as usize]
    }

    /// The slot whose value a tree asks for first, if that is what it does first.
    pub fn first_slot(&self, tree: u32) -> Option<u32> {
        match self.node(self.trees[tree as usize].root) {
            Node::Observe { what: Observation::Slot(slot), .. } => Some(slot),
            _ => None,
        }
    }

    /// What a tree says at once when the slot that it asks for first has this value.
    pub fn first_leaf(&self, tree: u32, value: u32) -> Option<Leaf> {
        let Node::Observe { children, .. } = self.node(self.trees[tree as usize].root) else { return None };
        match self.node(self.child(children, value)) {
            Node::Leaf(leaf) => Some(leaf),
            _ => None,
        }
    }

    #[inline]
    pub fn child(&self, children: Children, answer: u32) -> NodeId {
        if answer < children.len { self.children[(children.start + answer) as usize] } else { 0 }
    }

    pub fn choices(&self, children: Children) -> &[NodeId] {
        &self.children[children.start as usize..(children.start + children.len) as usize]
    }

    /// Goes down from `from` as far as the answers are known.
    #[inline]
    pub fn walk(&self, from: NodeId, mut answer: impl FnMut(Observation) -> u32) -> Walk {
        let mut id = from;
        loop {
            match self.node(id) {
                Node::Leaf(leaf) => return Walk::Leaf(leaf),
                Node::Choose { .. } => return Walk::Choice(id),
                Node::Unknown => return Walk::Gap(Gap { node: id, answer: u32::MAX }),
                Node::Observe { what, children, .. } => {
                    let value = answer(what);
                    let next = self.child(children, value);
                    if next == 0 {
                        return Walk::Gap(Gap { node: id, answer: value });
                    }
                    id = next;
                }
            }
        }
    }

    /// Remembers one footprint: `path` holds (observation, answer) or (-arity, picked).
    ///
    /// Returns the observations that were new at their node.  Nothing is remembered of a contradicting run.
    pub fn learn(
        &mut self,
        observations: &[Observation],
        tree: u32,
        path: &[(i64, u32)],
        leaf: Leaf,
    ) -> Result<Vec<Observation>, Contradiction> {
        self.check(tree, path, leaf)?;
        let mut id = self.trees[tree as usize].root;
        let mut new_observations = Vec::new();
        for &(what, answer) in path {
            if matches!(self.node(id), Node::Unknown) {
                self.nodes[id as usize] = if what >= 0 {
                    let (observation, what) = (what as u32, observations[what as usize]);
                    new_observations.push(what);
                    Node::Observe { observation, what, children: Children { start: 0, len: 0 } }
                } else {
                    Node::Choose { children: self.new_choices(-what as u32) }
                };
            }
            id = self.descend(id, answer);
        }
        if matches!(self.node(id), Node::Unknown) {
            self.nodes[id as usize] = Node::Leaf(leaf);
            self.footprints += 1;
            self.trees[tree as usize].lessons += 1;
        }
        Ok(new_observations)
    }

    fn check(&self, tree: u32, path: &[(i64, u32)], leaf: Leaf) -> Result<(), Contradiction> {
        let mut id = self.trees[tree as usize].root;
        let differ = |position, expected, got| Err(Contradiction { tree, position, expected, got });
        for (position, &(what, answer)) in path.iter().enumerate() {
            let (remembered, children) = match self.node(id) {
                Node::Unknown => return Ok(()),
                Node::Leaf(_) => return differ(position, None, Some(what)),
                Node::Observe { observation, children, .. } => (i64::from(observation), children),
                Node::Choose { children } => (-i64::from(children.len), children),
            };
            if remembered != what {
                return differ(position, Some(remembered), Some(what));
            }
            id = self.child(children, answer);
        }
        match self.node(id) {
            Node::Unknown => Ok(()),
            Node::Leaf(known) if known == leaf => Ok(()),
            Node::Leaf(_) => differ(path.len(), None, None),
            Node::Observe { observation, .. } => differ(path.len(), Some(i64::from(observation)), None),
            Node::Choose { children } => differ(path.len(), Some(-i64::from(children.len)), None),
        }
    }

    fn new_choices(&mut self, arity: u32) -> Children {
        let start = self.children.len() as u32;
        for _ in 0..arity {
            // Every alternative gets a node of its own at once: a choice must not be complete before all were tried.
            self.nodes.push(Node::Unknown);
            self.children.push(self.nodes.len() as u32 - 1);
        }
        Children { start, len: arity }
    }

    fn descend(&mut self, id: NodeId, answer: u32) -> NodeId {
        match self.node(id) {
            Node::Choose { children } => self.child(children, answer),
            Node::Observe { observation, what, children } => {
                let children = self.widened(children, answer);
                self.nodes[id as usize] = Node::Observe { observation, what, children };
                let at = (children.start + answer) as usize;
                if self.children[at] == 0 {
                    self.nodes.push(Node::Unknown);
                    self.children[at] = self.nodes.len() as u32 - 1;
                }
                self.children[at]
            }
            Node::Unknown | Node::Leaf(_) => {
                unreachable!("descend is called below observations and choices only")
            }
        }
    }

    /// Room for `answer`.  Moved tables leave a hole; doubling keeps the holes smaller than the tables.
    fn widened(&mut self, children: Children, answer: u32) -> Children {
        if answer < children.len {
            return children;
        }
        let len = (answer + 1).max(2 * children.len);
        let start = self.children.len() as u32;
        self.children.extend_from_within(children.start as usize..(children.start + children.len) as usize);
        self.children.resize((start + len) as usize, 0);
        Children { start, len }
    }

    /// Calls `visit` with every footprint of `tree`: its path and its leaf.
    pub fn each_footprint(&self, tree: u32, visit: &mut impl FnMut(NodeId, &[(i64, u32)], Leaf)) {
        self.visit(self.trees[tree as usize].root, &mut Vec::new(), visit);
    }

    fn visit(
        &self,
        id: NodeId,
        path: &mut Vec<(i64, u32)>,
        visit: &mut impl FnMut(NodeId, &[(i64, u32)], Leaf),
    ) {
        let (what, children) = match self.node(id) {
            Node::Unknown => return,
            Node::Leaf(leaf) => return visit(id, path, leaf),
            Node::Observe { observation, children, .. } => (i64::from(observation), children),
            Node::Choose { children } => (-i64::from(children.len), children),
        };
        for (answer, &child) in self.choices(children).iter().enumerate() {
            path.push((what, answer as u32));
            self.visit(child, path, visit);
            path.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBSERVATIONS: [Observation; 2] = [Observation::Slot(0), Observation::Slot(1)];

    fn learn(
        forest: &mut Forest,
        path: &[(i64, u32)],
        leaf: Leaf,
    ) -> Result<Vec<Observation>, Contradiction> {
        forest.learn(&OBSERVATIONS, 0, path, leaf)
    }

    fn forest() -> Forest {
        let mut forest = Forest::default();
        forest.add_tree(Kind::Step);
        forest
    }

    fn walk(forest: &Forest, state: [u32; 2]) -> Walk {
        forest.walk(forest.trees[0].root, |what| match what {
            Observation::Slot(slot) => state[slot as usize],
            _ => unreachable!("the tests observe slots only"),
        })
    }

    #[test]
    fn a_learned_path_is_walked_and_others_are_gaps() {
        let mut forest = forest();
        assert!(matches!(walk(&forest, [0, 0]), Walk::Gap(_)));
        learn(&mut forest, &[(0, 3), (1, 7)], Leaf::Outcome(5)).expect("the first path");
        assert_eq!(walk(&forest, [3, 7]), Walk::Leaf(Leaf::Outcome(5)));
        assert!(matches!(walk(&forest, [3, 6]), Walk::Gap(_)));
        assert!(matches!(walk(&forest, [2, 7]), Walk::Gap(_)));
        assert_eq!(forest.footprints, 1);
    }

    #[test]
    fn a_choice_keeps_a_gap_for_every_alternative_not_tried() {
        let mut forest = forest();
        learn(&mut forest, &[(-3, 1)], Leaf::Disabled).expect("the first path");
        let Walk::Choice(node) = walk(&forest, [0, 0]) else { panic!("the tree begins with a choice") };
        let Node::Choose { children } = forest.node(node) else { panic!("the node is the choice") };
        let open = forest.choices(children).iter().filter(|&&id| matches!(forest.node(id), Node::Unknown));
        assert_eq!(open.count(), 2);
    }

    #[test]
    fn what_contradicts_is_refused_and_changes_nothing() {
        let mut forest = forest();
        learn(&mut forest, &[(0, 1), (1, 1)], Leaf::Outcome(0)).expect("the first path");
        let contradictions = [
            (vec![(1, 1)], 0, 0),
            (vec![(0, 1)], 0, 1),
            (vec![(0, 1), (1, 1), (0, 0)], 0, 2),
            (vec![(0, 1), (-2, 0)], 0, 1),
            (vec![(0, 1), (1, 1)], 9, 2),
        ];
        for (path, outcome, position) in contradictions {
            let found = learn(&mut forest, &path, Leaf::Outcome(outcome))
                .expect_err("this run cannot be of the same method");
            assert_eq!(found.position, position, "{path:?}");
        }
        assert_eq!(forest.footprints, 1);
        assert_eq!(walk(&forest, [1, 1]), Walk::Leaf(Leaf::Outcome(0)));
    }

    #[test]
    fn every_footprint_is_listed() {
        let mut forest = forest();
        let paths: [&[(i64, u32)]; 3] = [&[(0, 0)], &[(0, 2), (-2, 0)], &[(0, 2), (-2, 1)]];
        for (outcome, path) in paths.iter().enumerate() {
            learn(&mut forest, path, Leaf::Outcome(outcome as u32)).expect("the paths agree");
        }
        let mut found = Vec::new();
        forest.each_footprint(0, &mut |_, path, leaf| found.push((path.to_vec(), leaf)));
        let expected: Vec<_> =
            paths.iter().enumerate().map(|(at, path)| (path.to_vec(), Leaf::Outcome(at as u32))).collect();
        assert_eq!(found, expected);
    }
}
