//! One object's operations as a row of invocations and returns.

/// The position of a return that was not recorded.
pub const NEVER: i64 = i64::MAX;

/// What an operation does to states, whatever they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// It depends on the state.
    Some,
    /// It changes none.
    Pure,
    /// It is always possible, and always leads to the same state.
    Blind,
}

impl Effect {
    pub fn from_number(number: u8) -> Effect {
        match number {
            1 => Effect::Pure,
            2 => Effect::Blind,
            _ => Effect::Some,
        }
    }
}

/// One operation on the object.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Row in the history.
    pub row: u32,
    /// What it is to the specification.
    pub class: u32,
    /// Function and argument, whatever was returned: equal ones do the same in the same state, where both fit.
    pub request: u32,
    /// What it does to states.
    pub effect: Effect,
    /// Whether it may also never take effect.
    pub optional: bool,
    /// Whether its result is unknown, so that any fits.
    pub unknown: bool,
    /// The process that asked.
    pub process: u32,
    pub invoked: i64,
    pub returned: i64,
    /// Its place among those that are open at the same time.
    pub slot: u32,
}

impl Operation {
    pub fn is_pure(&self) -> bool {
        self.effect == Effect::Pure
    }

    pub fn is_blind(&self) -> bool {
        self.effect == Effect::Blind
    }

    /// Whether it can take the place of any operation with the same request that is open when it is.
    pub fn can_wait(&self) -> bool {
        self.unknown && self.optional && self.returned == NEVER
    }
}

/// An invocation or a return.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    pub position: i64,
    /// Index into the operations.
    pub operation: u32,
    pub returns: bool,
}

/// The operations of one object, and what happened in which order.
#[derive(Default)]
pub struct Timeline {
    pub operations: Vec<Operation>,
    pub events: Vec<Event>,
    /// How many slots are in use at most.
    pub width: u32,
}

impl Timeline {
    /// Orders the events, and gives each operation the lowest slot that is free.
    pub fn new(mut operations: Vec<Operation>) -> Timeline {
        let mut events = Vec::with_capacity(2 * operations.len());
        for (index, operation) in operations.iter().enumerate() {
            let operation_index = index as u32;
            events.push(Event { position: operation.invoked, operation: operation_index, returns: false });
            if operation.returned != NEVER {
                events.push(Event {
                    position: operation.returned,
                    operation: operation_index,
                    returns: true,
                });
            }
        }
        events.sort_unstable_by_key(|event| (event.position, event.returns));
        let mut free: Vec<u32> = Vec::new();
        let mut width = 0;
        for event in &events {
            let operation = &mut operations[event.operation as usize];
            if event.returns {
                free.push(operation.slot);
            } else {
                operation.slot = free.pop().unwrap_or(width);
                width = width.max(operation.slot + 1);
            }
        }
        Timeline { operations, events, width }
    }
}
