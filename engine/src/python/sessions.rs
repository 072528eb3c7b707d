//! Session guarantees and staleness, as Python calls them.

use std::time::{Duration, Instant};

use pyo3::buffer::{Element, PyBuffer};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::sessions::{
    self, Clock, Columns, Guarantee, Lag, Lists, Object, Orders, Prefix, Proof, Range, Sight, Stop, Watch,
};

/// (session, operation, prior operation, cycle, what shows its steps, count), operations as rows of the columns that
/// were given.
type BreachTuple = (u32, u32, u32, Vec<u32>, Vec<Option<(u32, u32)>>, u64);

/// (name, operations, reads that show the steps or -1, session or -1, operations that show what is derived).
type PatternTuple = (&'static str, Vec<u32>, Vec<i64>, i64, Vec<u32>);

/// (key, lower bound, upper bound, what kind of proof, versions): of each version the write, who returned first of
/// it and its reads, and the read that was invoked last; -1: none, or the initial version.
type RangeTuple = (u32, i64, i64, &'static str, Vec<[i64; 3]>);

/// The reads and writes of a recording.
#[pyclass(frozen, module = "dscheck._engine")]
pub struct Accesses {
    inner: sessions::Accesses,
    orders: Orders,
}

fn column<T: Element>(columns: &Bound<'_, PyDict>, name: &str) -> PyResult<Vec<T>> {
    let found = columns.get_item(name)?.ok_or_else(|| PyValueError::new_err(format!("no column {name}")))?;
    PyBuffer::<T>::get(&found)?.to_vec(columns.py())
}

fn bytes<'py>(py: Python<'py>, column: impl Iterator<Item = i64>) -> Bound<'py, PyBytes> {
    let flat: Vec<u8> = column.flat_map(i64::to_ne_bytes).collect();
    PyBytes::new(py, &flat)
}

/// Runs without the interpreter; says why it stopped where it did.
fn limited<T: Send>(
    py: Python<'_>,
    seconds: Option<f64>,
    memory: Option<u64>,
    run: impl FnOnce(&Watch) -> Result<T, Stop> + Send,
) -> PyResult<Result<T, &'static str>> {
    let deadline = seconds.map(|limit| Instant::now() + Duration::from_secs_f64(limit.clamp(0.0, 1e9)));
    let done = py.detach(|| {
        let interrupted = || Python::attach(|py| py.check_signals().is_err());
        run(&Watch { deadline, memory, interrupted: &interrupted })
    });
    match done {
        Err(Stop::Interrupted) => Err(pyo3::exceptions::PyKeyboardInterrupt::new_err(())),
        other => Ok(other.map_err(Stop::name)),
    }
}

/// What asks for the lower bound of a range: which kind of proof, and its versions, the one read late first.
fn proof(inner: &sessions::Accesses, object: &Object, range: &Range) -> (&'static str, Vec<[i64; 3]>) {
    let origin = |at: u32| if at < sessions::INITIAL { i64::from(inner.origin[at as usize]) } else { -1 };
    let shown = |number: u32| {
        let version = &object.versions[number as usize];
        [version.write, version.finisher, version.reader].map(origin)
    };
    if let Some(read) = object.future {
        return ("future", vec![[origin(inner.source[read as usize]), -1, origin(read)]]);
    }
    match range.proof {
        Proof::None => ("orders", Vec::new()),
        Proof::Later(late, newer) => ("later", vec![shown(late), shown(newer)]),
        Proof::Either(late, newer) => ("either", vec![shown(late), shown(newer)]),
        Proof::Known(late, newer) => ("known", vec![shown(late), shown(newer)]),
        Proof::Many(late) => {
            let (finish, read) = (object.versions[late as usize].finish, object.versions[late as usize].read);
            let between = (0u32..).zip(&object.versions);
            let between = between.filter(|(_, version)| version.start > finish && version.finish < read);
            ("many", std::iter::once(late).chain(between.map(|(number, _)| number)).map(shown).collect())
        }
    }
}

#[pymethods]
impl Accesses {
    #[new]
    #[pyo3(signature = (columns, offsets, items, *, initial, infer, guess, tick=1))]
    fn new(
        columns: &Bound<'_, PyDict>,
        offsets: PyBuffer<i64>,
        items: PyBuffer<i64>,
        initial: i64,
        infer: bool,
        guess: bool,
        tick: i64,
    ) -> PyResult<Accesses> {
        let py = columns.py();
        let (earlier, later) = (column::<u32>(columns, "earlier")?, column::<u32>(columns, "later")?);
        let given = Columns {
            session: column(columns, "session")?,
            before: column(columns, "before")?,
            write: column(columns, "write")?,
            flags: column(columns, "flags")?,
            key: column(columns, "key")?,
            value: column(columns, "value")?,
            list: column(columns, "list")?,
            row: column(columns, "row")?,
            begin: column(columns, "begin")?,
            end: column(columns, "end")?,
            started: column(columns, "started")?,
            ended: column(columns, "ended")?,
            evidence: earlier.into_iter().zip(later).collect(),
            tick,
            initial,
            infer,
            guess,
        };
        let lists = Lists { offsets: offsets.to_vec(py)?, items: items.to_vec(py)? };
        given.check(&lists).map_err(PyValueError::new_err)?;
        Ok(py.detach(|| {
            let inner = sessions::Accesses::of(&given, &lists);
            let orders = Orders::of(&inner);
            Accesses { inner, orders }
        }))
    }

    /// What was understood: counts by name.
    fn counts(&self) -> Vec<(&'static str, usize)> {
        let known = |which| self.orders.known.iter().filter(|&&known| known == which).count();
        let (inner, reads) = (&self.inner, self.inner.write.iter().filter(|&&write| !write).count());
        vec![
            ("accesses", inner.len()),
            ("reads", reads),
            ("writes", inner.len() - reads),
            ("sessions", inner.sessions),
            ("keys", inner.keys),
            ("evidence", inner.evidence.len()),
            ("maybe", inner.maybe.len()),
            ("inferred", inner.inferred),
            ("total", known(sessions::Known::Total)),
            ("partial", known(sessions::Known::Partial)),
            ("contradictory", known(sessions::Known::Contradictory)),
        ]
    }

    /// Reads of values that nobody wrote, and of values that several wrote; 64-bit integers.
    fn unknown<'py>(&self, py: Python<'py>) -> (Bound<'py, PyBytes>, Bound<'py, PyBytes>) {
        let wide = |rows: &[u32]| bytes(py, rows.iter().map(|&row| i64::from(row)));
        (wide(&self.inner.thin), wide(&self.inner.ambiguous))
    }

    /// Of every access that counts: its row in the columns, and of a read the write that it returned, -1 for
    /// the initial value; -2 of a write.  64-bit integers.
    fn sources<'py>(&self, py: Python<'py>) -> (Bound<'py, PyBytes>, Bound<'py, PyBytes>) {
        let inner = &self.inner;
        let source = inner.source.iter().map(|&source| match source {
            sessions::INITIAL => -1,
            sessions::NONE => -2,
            write => i64::from(inner.origin[write as usize]),
        });
        (bytes(py, inner.origin.iter().map(|&row| i64::from(row))), bytes(py, source))
    }

    /// Sessions that break a guarantee, or why the scan stopped.
    #[pyo3(signature = (guarantee, *, seconds=None, memory=None))]
    fn breaches(
        &self,
        py: Python<'_>,
        guarantee: &str,
        seconds: Option<f64>,
        memory: Option<u64>,
    ) -> PyResult<(Vec<BreachTuple>, Option<&'static str>)> {
        let which = match guarantee {
            "read-your-writes" => Guarantee::ReadYourWrites,
            "monotonic-reads" => Guarantee::MonotonicReads,
            "monotonic-writes" => Guarantee::MonotonicWrites,
            "writes-follow-reads" => Guarantee::WritesFollowReads,
            other => return Err(PyValueError::new_err(format!("no guarantee {other}"))),
        };
        let run = |watch: &Watch| sessions::breaches(&self.inner, &self.orders, which, watch);
        let origin = |at: &u32| self.inner.origin[*at as usize];
        Ok(match limited(py, seconds, memory, run)? {
            Err(stop) => (Vec::new(), Some(stop)),
            Ok(found) => {
                let told = found.iter().map(|breach| {
                    let cycle = breach.cycle.iter().map(origin).collect();
                    let pair = |&(a, b): &(u32, u32)| (origin(&a), origin(&b));
                    let asked = breach.asked.iter().map(|asked| asked.as_ref().map(pair)).collect();
                    (
                        breach.session,
                        origin(&breach.access),
                        origin(&breach.prior),
                        cycle,
                        asked,
                        breach.count,
                    )
                });
                (told.collect(), None)
            }
        })
    }

    /// A bad pattern of `causal-consistency`, `causal-convergence`, `causal-memory` or `pram`, or why the search
    /// for one stopped.
    #[pyo3(signature = (promise, *, seconds=None, memory=None))]
    fn pattern(
        &self,
        py: Python<'_>,
        promise: &str,
        seconds: Option<f64>,
        memory: Option<u64>,
    ) -> PyResult<(Option<PatternTuple>, Option<&'static str>)> {
        let inner = &self.inner;
        let origin = |at: u32| inner.origin[at as usize];
        let whole = |pattern| Sight { pattern, knew: Vec::new() };
        let run = |watch: &Watch| match promise {
            "causal-consistency" => Ok(sessions::causal(inner, false, watch)?.map(whole)),
            "causal-convergence" => Ok(sessions::causal(inner, true, watch)?.map(whole)),
            "causal-memory" => sessions::views(inner, true, watch),
            _ => sessions::views(inner, false, watch),
        };
        if !["causal-consistency", "causal-convergence", "causal-memory", "pram"].contains(&promise) {
            return Err(PyValueError::new_err(format!("no patterns of {promise}")));
        }
        Ok(match limited(py, seconds, memory, run)? {
            Err(stop) => (None, Some(stop)),
            Ok(found) => {
                let told = found.map(|Sight { pattern: found, knew }| {
                    let shows = |&at: &u32| if at == sessions::NONE { -1 } else { i64::from(origin(at)) };
                    let because = found.because.iter().map(shows).collect();
                    let session = if found.session == sessions::NONE { -1 } else { i64::from(found.session) };
                    let every = |accesses: Vec<u32>| accesses.into_iter().map(origin).collect();
                    (found.name, every(found.accesses), because, session, every(knew))
                });
                (told, None)
            }
        })
    }

    /// The least staleness that explains each key that was read: (key by number, lower bound, upper bound, kind of
    /// proof, its versions).  By `versions` or by `time`; a bound of 2**63 - 1: none is enough, or none is known
    /// to be.
    #[pyo3(signature = (measure, *, budget=2_000_000, seconds=None, memory=None))]
    fn staleness(
        &self,
        py: Python<'_>,
        measure: &str,
        budget: u64,
        seconds: Option<f64>,
        memory: Option<u64>,
    ) -> PyResult<(Vec<RangeTuple>, Option<&'static str>)> {
        let by_time = measure == "time";
        let (inner, orders) = (&self.inner, &self.orders);
        let mut found = Vec::new();
        let run = |watch: &Watch| {
            let clock = if by_time { Clock::Time } else { Clock::Position };
            for (key, object) in sessions::objects(inner, orders, clock).iter().enumerate() {
                watch.look()?;
                if object.reads.is_empty() {
                    continue;
                }
                let judge = if by_time { sessions::delay } else { sessions::depth };
                let range = judge(object, budget, watch)?;
                let (kind, shown) = proof(inner, object, &range);
                found.push((key as u32, range.lower, range.upper, kind, shown));
            }
            Ok(())
        };
        let stop = limited(py, seconds, memory, run)?.err();
        Ok((found, stop))
    }

    /// Of every read what it lagged behind: its row in the columns, least and most; 64-bit integers each.
    fn lags<'py>(
        &self,
        py: Python<'py>,
        measure: &str,
    ) -> (Bound<'py, PyBytes>, Bound<'py, PyBytes>, Bound<'py, PyBytes>) {
        let by_time = measure == "time";
        let (inner, orders) = (&self.inner, &self.orders);
        let mut all: Vec<Lag> = py.detach(|| {
            let clock = if by_time { Clock::Time } else { Clock::Position };
            let (begin, end) =
                if by_time { (&inner.started, &inner.ended) } else { (&inner.begin, &inner.end) };
            let span = |at: u32| (begin[at as usize], end[at as usize]);
            let every = sessions::objects(inner, orders, clock);
            let judge = if by_time { sessions::time_behind } else { sessions::versions_behind };
            every.iter().flat_map(|object: &Object| judge(object, &span)).collect()
        });
        all.sort_unstable_by_key(|lag| lag.access);
        let access = bytes(py, all.iter().map(|lag| i64::from(inner.origin[lag.access as usize])));
        (access, bytes(py, all.iter().map(|lag| lag.lower)), bytes(py, all.iter().map(|lag| lag.upper)))
    }

    /// Whether one order of all writes explains every operation by a prefix: (true, ...) kept, (false, circle)
    /// broken, (none, ...) open; and why it stopped.
    #[pyo3(signature = (*, seconds=None, memory=None))]
    fn prefix(
        &self,
        py: Python<'_>,
        seconds: Option<f64>,
        memory: Option<u64>,
    ) -> PyResult<(Option<bool>, Vec<u32>, Option<&'static str>)> {
        let run = |watch: &Watch| sessions::consistent_prefix(&self.inner, &self.orders, watch);
        Ok(match limited(py, seconds, memory, run)? {
            Err(stop) => (None, Vec::new(), Some(stop)),
            Ok(Prefix::Kept) => (Some(true), Vec::new(), None),
            Ok(Prefix::Open) => (None, Vec::new(), None),
            Ok(Prefix::Broken(cycle)) => {
                (Some(false), cycle.iter().map(|&at| self.inner.origin[at as usize]).collect(), None)
            }
        })
    }

    /// Of keys without an order of versions, writes that had to come each before the next, in a circle; empty where
    /// the evidence contradicts itself in another way.  Rows of the columns, of 100 keys at most.
    fn circles(&self) -> Vec<Vec<u32>> {
        let row = |at: u32| self.inner.origin[at as usize];
        let every = self.orders.circles(&self.inner);
        every.into_iter().map(|circle| circle.into_iter().map(row).collect()).collect()
    }

    /// Of these writes those that are not the last of their key for sure, with a later one: a write that its own
    /// session made later, or that is later by the recorded order of versions.  Rows of the columns.
    fn later(&self, writes: Vec<u32>) -> Vec<(u32, u32)> {
        let inner = &self.inner;
        let place = |row: u32| inner.origin.binary_search(&row).ok();
        let found = writes.into_iter().filter_map(|row| {
            let at = place(row).filter(|&at| inner.write[at])? as u32;
            let later = self.orders.later(inner, at)?;
            Some((row, inner.origin[later as usize]))
        });
        found.collect()
    }
}

/// Adds them to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Accesses>()
}
