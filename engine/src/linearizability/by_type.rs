//! All objects of a history at once: operations in columns, sorted into objects, each judged by its data type.

use super::collections;
pub use super::collections::{Compounds, Order};
use super::elements;
use super::evidence::{self, Clock, Elements, Evidence, Judge};
use super::finding::{Finding, Obstacle};
use super::recording::{Numbers, Operation, Role, Told, number_positions};
use super::registers;
use crate::histories::NIL;

/// Which algorithm.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DataType {
    Register,
    Collection(Order),
    Set,
    Lock,
}

/// What is known of a history besides its operations.
pub struct Plan<'a> {
    pub data_type: DataType,
    /// Per function: what it does, if the data type has it.
    pub roles: Vec<Option<Role>>,
    /// The code of the first value of every register.
    pub initial: i64,
    /// The codes of true and false.
    pub yes: i64,
    pub no: i64,
    /// Whether to look for a small violation and where it begins, or say only that there is one.
    pub with_evidence: bool,
    /// What lists and sets contain.
    pub compounds: Compounds<'a>,
}

/// A row of a history.
#[derive(Clone, Copy)]
pub struct Row {
    pub number: u32,
    pub function: u16,
    pub is_pending: bool,
    pub key: i64,
    pub argument: i64,
    pub result: i64,
    pub invoked: i64,
    pub returned: i64,
}

/// An object, and what happened to it.
#[derive(Default)]
pub struct Object {
    pub key: i64,
    operations: Vec<Operation>,
    times: Vec<(i64, i64)>,
    obstacle: Option<(Obstacle, u32)>,
}

/// Sorts rows into objects, in the order in which they appear.
pub fn objects(rows: impl Iterator<Item = Row>, plan: &Plan) -> Vec<Object> {
    let mut keys = Numbers::default();
    let mut objects: Vec<Object> = Vec::new();
    for row in rows {
        let number = keys.number(row.key);
        if number == objects.len() {
            objects.push(Object { key: row.key, ..Object::default() });
        }
        let object = &mut objects[number];
        match operation(&row, plan) {
            Some(operation) => {
                object.operations.push(operation);
                object.times.push((row.invoked, row.returned));
            }
            None => {
                object.obstacle.get_or_insert((Obstacle::Function, row.number));
            }
        }
    }
    objects
}

fn operation(row: &Row, plan: &Plan) -> Option<Operation> {
    let role = plan.roles.get(usize::from(row.function)).copied().flatten()?;
    let told = match row.result {
        _ if row.is_pending => Told::Pending,
        result if result == plan.yes => Told::Yes,
        result if result == plan.no => Told::No,
        _ => Told::Done,
    };
    let is_told = row.is_pending || told != Told::Done;
    let (expected, value) = match (plan.data_type, role) {
        (DataType::Set, Role::Scan) => (0, row.result),
        (DataType::Set, Role::Look) => is_told.then_some((0, row.argument))?,
        (DataType::Set, _) => (is_told || row.result == NIL).then_some((0, row.argument))?,
        (DataType::Lock, _) => (is_told || row.result == NIL).then_some((0, NIL))?,
        (_, Role::Swap) => match plan.compounds.items(row.argument)? {
            &[expected, value] => (expected, value),
            _ => return None,
        },
        (_, Role::Put) => (0, row.argument),
        (_, Role::Look | Role::Take | Role::Scan) => (0, row.result),
    };
    Some(Operation { row: row.number, invoked: 0, returned: 0, role, told, value, expected })
}

impl Object {
    /// The number of operations that happened or may have happened.
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether one object could have behaved so; with evidence if not.
    pub fn judge(&mut self, plan: &Plan, clock: Clock) -> Judgement {
        if let Some((obstacle, row)) = self.obstacle {
            return Judgement::NotApplicable(obstacle, vec![row]);
        }
        if !clock() {
            return Judgement::NotApplicable(Obstacle::Time, Vec::new());
        }
        number_positions(&mut self.operations, &std::mem::take(&mut self.times));
        let judge: Judge = &|operations| match plan.data_type {
            DataType::Register => registers::judge(operations, plan.initial),
            DataType::Set => collections::judge_set(operations, plan.compounds),
            DataType::Lock => collections::judge_lock(operations),
            DataType::Collection(order) => collections::judge(operations, order),
        };
        let elements: Option<Elements> = match plan.data_type {
            DataType::Register => Some(elements::of_register),
            DataType::Set if self.operations.iter().all(|o| o.role != Role::Scan) => Some(elements::of_set),
            DataType::Set | DataType::Lock => None,
            DataType::Collection(_) => Some(elements::of_collection),
        };
        match judge(&self.operations) {
            Finding::Accepted => Judgement::Accepted,
            Finding::NotApplicable(obstacle, rows) => Judgement::NotApplicable(obstacle, rows),
            Finding::Violated(rule, rows) if !plan.with_evidence => {
                Judgement::Violated(Evidence::of(rule, rows))
            }
            Finding::Violated(rule, rows) => {
                let found = evidence::gather(&self.operations, judge, elements, clock);
                Judgement::Violated(found.unwrap_or_else(|| Evidence::of(rule, rows)))
            }
        }
    }
}

/// What was found out about an object.
pub enum Judgement {
    Accepted,
    Violated(Evidence),
    NotApplicable(Obstacle, Vec<u32>),
}
