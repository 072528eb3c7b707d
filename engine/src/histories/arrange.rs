//! The last steps: rows in the order of invocation, positions, micro-operations in the order of rows.

use super::columns::{Columns, NEVER};
use super::lanes::Lanes;
use super::recorder::{Order, Recorder};
use super::show::show;
use super::trouble::Trouble;

impl Recorder {
    /// The history.
    pub fn finish(mut self) -> Result<Columns, Trouble> {
        let rows = self.columns.process.len();
        let is_timed = !self.columns.invoke_time.is_empty();
        self.check_indices()?;
        if self.order == Order::Times && rows > 0 && !is_timed {
            let what = "it is to be read in the order of times, and it has none";
            return Err(Trouble::line(0, what));
        }
        if self.whole == Some(true) || (self.order == Order::Times && is_timed) {
            self.sort();
            if self.whole == Some(true) {
                self.check_overlaps()?;
            }
        }
        self.gather_micros();
        Ok(self.columns)
    }

    fn check_indices(&mut self) -> Result<(), Trouble> {
        self.indices.sort_unstable();
        match self.indices.windows(2).find(|two| two[0] == two[1]) {
            Some(two) => Err(Trouble::line(0, format!("duplicate index {}", two[0]))),
            None => Ok(()),
        }
    }

    /// Rows by time of invocation; positions by time, invocations first where times are equal.
    fn sort(&mut self) {
        let columns = &mut self.columns;
        let mut calls: Vec<(i64, u32)> = columns.invoke_time.iter().copied().zip(0..).collect();
        calls.sort();
        let order: Vec<u32> = calls.iter().map(|&(_, row)| row).collect();
        drop(calls);
        if !order.is_sorted() {
            let wide = [
                &mut columns.process,
                &mut columns.key,
                &mut columns.argument,
                &mut columns.result,
                &mut columns.line,
                &mut columns.invoke_time,
                &mut columns.return_time,
                &mut columns.begin_stamp,
                &mut columns.commit_stamp,
            ];
            wide.into_iter().for_each(|column| permute(column, &order));
            permute(&mut columns.function, &order);
            permute(&mut columns.outcome, &order);
            self.spans.resize(if self.spans.is_empty() { 0 } else { order.len() }, (0, 0));
            permute(&mut self.spans, &order);
        }
        let columns = &mut self.columns;
        let returned = columns.return_time.iter().copied().zip(0..).filter(|&(time, _)| time != NEVER);
        let mut returns: Vec<(i64, u32)> = returned.collect();
        returns.sort();
        columns.invoked.clear();
        columns.returned.clear();
        columns.returned.resize(order.len(), NEVER);
        let mut next = 0;
        for (row, &time) in columns.invoke_time.iter().enumerate() {
            while let Some(&(_, earlier)) = returns.get(next).filter(|&&(end, _)| end < time) {
                columns.returned[earlier as usize] = (row + next) as i64;
                next += 1;
            }
            columns.invoked.push((row + next) as i64);
        }
        for (rank, &(_, row)) in returns.iter().enumerate().skip(next) {
            columns.returned[row as usize] = (order.len() + rank) as i64;
        }
        for note in columns.notes.iter_mut().filter(|note| note.time != NEVER) {
            let calls = columns.invoke_time.partition_point(|&time| time < note.time);
            note.position = (calls + returns.partition_point(|&(time, _)| time < note.time)) as i64;
        }
    }

    /// Whether a process did two things at once; what touches in time is one after the other.
    fn check_overlaps(&self) -> Result<(), Trouble> {
        let columns = &self.columns;
        let mut lanes = Lanes::default();
        for row in 0..columns.process.len() {
            let lane = lanes.of(columns.process[row]);
            if columns.invoke_time[row] < lane.time {
                let what = format!(
                    "two operations at once in process {}: its operation of line {} returned only after this call",
                    show(&columns.pool, columns.process[row]),
                    lane.line
                );
                return Err(Trouble::line(columns.line[row] as u64, what));
            }
            if columns.return_time[row] != NEVER {
                lane.time = columns.return_time[row];
            }
            lane.line = columns.line[row] as u64;
        }
        Ok(())
    }

    fn gather_micros(&mut self) {
        if self.spans.is_empty() {
            return;
        }
        let columns = &mut self.columns;
        self.spans.resize(columns.process.len(), (0, 0));
        let mut end = 0;
        let mut in_order = true;
        for &(first, count) in &self.spans {
            in_order &= count == 0 || first == end;
            end += u64::from(count);
            columns.micro_ends.push(end as i64);
        }
        if in_order && end == columns.micro_kind.len() as u64 {
            return;
        }
        columns.micro_kind = gather(&columns.micro_kind, &self.spans);
        columns.micro_key = gather(&columns.micro_key, &self.spans);
        columns.micro_value = gather(&columns.micro_value, &self.spans);
    }
}

fn permute<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
    if !column.is_empty() {
        *column = order.iter().map(|&row| column[row as usize]).collect();
    }
}

fn gather<T: Copy>(column: &[T], spans: &[(u64, u32)]) -> Vec<T> {
    let parts = spans.iter().map(|&(first, count)| &column[first as usize..][..count as usize]);
    parts.flatten().copied().collect()
}
