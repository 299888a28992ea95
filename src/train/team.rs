//! The threads that share the work of a step: the trainer's own, and helpers that sleep between steps.

use rayon::ThreadPool;

use crate::error::{Error, Result};

/// So many multiplications a step has at least before it is shared: some 300 µs of them, well above what it costs to wake helpers and
/// to let each of them prepare the weights for its own part.
const WORTHWHILE: usize = 40_000_000;

/// The trainer's thread and its helpers.
#[derive(Debug)]
pub struct Team {
    threads: usize,
    helpers: Option<ThreadPool>,
}

impl Team {
    /// A team of so many threads, the caller's among them.
    ///
    /// # Errors
    /// If the system gives no threads.
    pub fn of(threads: usize) -> Result<Self> {
        let helpers = match threads {
            0 | 1 => None,
            _ => {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads - 1);
                let pool = pool.thread_name(|number| format!("helper {}", number + 1)).build();
                Some(pool.map_err(|reason| Error::Failed(format!("no threads for --threads {threads}: {reason}")))?)
            }
        };
        Ok(Self { threads: threads.max(1), helpers })
    }

    /// How many parts so many samples are split into, for so many multiplications in all; always the same for the same.
    pub fn parts(&self, samples: usize, multiplications: usize) -> usize {
        let threads = if multiplications < WORTHWHILE { 1 } else { self.threads };
        // Parts are of one size, but for the last.
        samples.div_ceil(samples.div_ceil(threads).max(1)).max(1)
    }

    /// Does every job, one on each thread, and returns when all are done.
    pub fn share<J: FnOnce() + Send>(&self, jobs: impl IntoIterator<Item = J>) {
        let mut jobs = jobs.into_iter();
        let own = jobs.next();
        match &self.helpers {
            Some(helpers) => helpers.in_place_scope(|scope| {
                jobs.for_each(|job| scope.spawn(|_| job()));
                own.into_iter().for_each(|job| job());
            }),
            None => own.into_iter().chain(jobs).for_each(|job| job()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_is_done_whatever_the_number_of_threads() {
        for threads in [1, 2, 3] {
            let team = Team::of(threads).expect("threads");
            let mut done = [0; 5];
            team.share(done.iter_mut().enumerate().map(|(number, done)| move || *done = number + 1));
            assert_eq!(done, [1, 2, 3, 4, 5]);
        }
    }

    #[test]
    fn small_steps_are_not_shared() {
        let team = Team::of(2).expect("threads");
        assert_eq!((team.parts(32, 1_000), team.parts(64, 100_000_000), team.parts(1, 100_000_000)), (1, 2, 1));
        let team = Team::of(4).expect("threads");
        assert_eq!(team.parts(5, 100_000_000), 3, "two, two and one");
    }
}
