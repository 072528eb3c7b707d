//! What can be left out of a recording without making a violation of what was none.

use super::recording::{Numbers, OPEN, Operation, Role, Told};
use crate::histories::NIL;

/// Of a collection: each value, and each operation that found nothing or did not return.
///
/// Of unreturned takes the first one stays: what is refuted with it alone, whatever it took, is refuted for takes
/// that began later, too.
pub fn of_collection(operations: &[Operation]) -> Vec<u32> {
    let mut dense = Dense::default();
    let mut has_take = false;
    let number = |operation: &Operation| {
        if operation.role == Role::Put {
            return dense.of(operation.value);
        }
        if operation.is_pending() && operation.role == Role::Take && !has_take {
            has_take = true;
            return OPEN;
        }
        if operation.is_pending() || operation.value == NIL {
            dense.new_one()
        } else {
            dense.of(operation.value)
        }
    };
    operations.iter().map(number).collect()
}

/// Of a set: each element.
pub fn of_set(operations: &[Operation]) -> Vec<u32> {
    let mut dense = Dense::default();
    operations.iter().map(|operation| dense.of(operation.value)).collect()
}

/// Of a register: the values that compare-and-sets connect, and each one that compared unequal.
pub fn of_register(operations: &[Operation]) -> Vec<u32> {
    let mut numbers = Numbers::default();
    let mut above: Vec<usize> = Vec::new();
    let mut root = |code: i64, joined: Option<usize>| {
        let mut at = numbers.number(code);
        if at == above.len() {
            above.push(at);
        }
        while above[at] != at {
            above[at] = above[above[at]];
            at = above[at];
        }
        if let Some(joined) = joined {
            above[at] = joined;
            at = joined;
        }
        at
    };
    let is_unequal = |operation: &&Operation| operation.role == Role::Swap && operation.told == Told::No;
    for operation in operations.iter().filter(|o| o.role == Role::Swap && !is_unequal(o)) {
        let value = root(operation.value, None);
        root(operation.expected, Some(value));
    }
    let mut dense = Dense::default();
    let number = |operation: &Operation| {
        if is_unequal(&operation) { dense.new_one() } else { dense.of(root(operation.value, None) as i64) }
    };
    operations.iter().map(number).collect()
}

/// Numbers from 0 in the order in which they are asked for; some without a code.
#[derive(Default)]
struct Dense {
    numbers: Numbers,
    of_number: Vec<u32>,
    next: u32,
}

impl Dense {
    fn of(&mut self, code: i64) -> u32 {
        let number = self.numbers.number(code);
        if number == self.of_number.len() {
            let new = self.new_one();
            self.of_number.push(new);
        }
        self.of_number[number]
    }

    fn new_one(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }
}
