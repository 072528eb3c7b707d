//! What Python sees of the engine.

mod datatypes;
mod formats;
mod histories;
mod interrupts;
mod isolation;
mod monitors;
mod orders;
mod polygraphs;
mod rules;
mod search;
mod sessions;
mod symbolic;

use pyo3::prelude::*;

/// Adds everything to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<rules::Rules>()?;
    module.add_class::<search::Search>()?;
    module.add_class::<search::Report>()?;
    module.add_class::<interrupts::KeepInterrupts>()?;
    module.add("Contradiction", module.py().get_type::<rules::Contradiction>())?;
    histories::register(module)?;
    formats::register(module)?;
    orders::register(module)?;
    datatypes::register(module)?;
    isolation::register(module)?;
    polygraphs::register(module)?;
    monitors::register(module)?;
    symbolic::register(module)?;
    sessions::register(module)
}
