//! The threads that share the work of a step: the trainer's own, and helpers that wait for the next piece of it.

use std::any::Any;
use std::hint::spin_loop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use crate::error::{Error, Result};
use crate::nn::Share;
use crate::nn::subnormal::flushed;

/// So many multiplications a step has at least before it is shared: some 100 µs of them.
const WORTHWHILE: usize = 15_000_000;
/// How often a helper looks for its next job before it sleeps, some 100 µs: to be woken takes it about as long.
const LOOKS: usize = 4_000;

/// The trainer's thread and its helpers.
#[derive(Debug, Default)]
pub struct Team {
    helpers: Vec<Helper>,
}

/// A thread that does a job at a time.
#[derive(Debug)]
struct Helper {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

/// Where a helper finds its job.
#[derive(Default)]
struct Desk {
    job: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    /// There is a job, or one is being done.
    busy: AtomicBool,
    leave: AtomicBool,
    /// What the last job panicked with.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

impl Team {
    /// A team of so many threads, the caller's among them.
    ///
    /// # Errors
    /// If the system gives no threads.
    pub fn of(threads: usize) -> Result<Self> {
        let helpers = (1..threads).map(Helper::start).collect::<std::io::Result<_>>();
        let reason = |reason| Error::Failed(format!("no threads for --threads {threads}: {reason}"));
        Ok(Self { helpers: helpers.map_err(reason)? })
    }
}

impl Share for Team {
    fn parts(&self, samples: usize, multiplications: usize) -> usize {
        parts(self.helpers.len() + 1, samples, multiplications)
    }

    /// Does every job, one on each thread and what is left on the caller's, and returns when all are done; in each of them subnormal
    /// numbers count as 0.
    ///
    /// # Panics
    /// With what a job panics with, after the others are done.
    fn share<J: FnOnce() + Send>(&mut self, jobs: impl IntoIterator<Item = J>) {
        let mut jobs = jobs.into_iter();
        let own = jobs.next();
        let all_done = AllDone(&self.helpers);
        for (helper, job) in self.helpers.iter().zip(&mut jobs) {
            let job: Box<dyn FnOnce() + Send + '_> = Box::new(|| flushed(job));
            // SAFETY: what the job borrows outlives this call, and the call outlives the job: `all_done` waits, even when the
            // caller's own job panics, until the helper has done and dropped it.
            #[allow(unsafe_code)]
            let job = unsafe {
                std::mem::transmute::<Box<dyn FnOnce() + Send + '_>, Box<dyn FnOnce() + Send + 'static>>(job)
            };
            helper.give(job);
        }
        own.into_iter().chain(jobs).for_each(flushed);
        drop(all_done);
        let panic = |helper: &Helper| helper.desk.panic.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(panic) = self.helpers.iter().find_map(panic) {
            resume_unwind(panic);
        }
    }
}

/// The parts that a team of so many threads makes of so many samples, for so many multiplications in all.
fn parts(threads: usize, samples: usize, multiplications: usize) -> usize {
    let threads = if multiplications < WORTHWHILE { 1 } else { threads };
    // Parts are of one size, but for the last.
    samples.div_ceil(samples.div_ceil(threads).max(1)).max(1)
}

/// The parts that a team of so many threads makes, done one after the other on the caller's: the same numbers, without its helpers.
#[derive(Clone, Copy, Debug)]
pub struct InTurn(pub usize);

impl Share for InTurn {
    fn parts(&self, samples: usize, multiplications: usize) -> usize {
        parts(self.0, samples, multiplications)
    }

    fn share<J: FnOnce() + Send>(&mut self, jobs: impl IntoIterator<Item = J>) {
        jobs.into_iter().for_each(flushed);
    }
}

/// Waits, when it goes, until no helper is busy.
struct AllDone<'a>(&'a [Helper]);

impl Drop for AllDone<'_> {
    fn drop(&mut self) {
        for helper in self.0 {
            let mut looks = 0;
            while helper.desk.busy.load(Ordering::Acquire) {
                looks += 1;
                // Parts are of one size, so that the wait is short unless the processor is busy with something else.
                if looks < LOOKS { spin_loop() } else { thread::yield_now() }
            }
        }
    }
}

impl Helper {
    fn start(number: usize) -> std::io::Result<Self> {
        let desk = Arc::new(Desk::default());
        let its_own = Arc::clone(&desk);
        let thread = thread::Builder::new().name(format!("helper {number}")).spawn(move || its_own.work())?;
        Ok(Self { desk, thread: Some(thread) })
    }

    fn give(&self, job: Box<dyn FnOnce() + Send>) {
        *self.desk.job.lock().unwrap_or_else(PoisonError::into_inner) = Some(job);
        self.desk.busy.store(true, Ordering::Release);
        self.wake();
    }

    fn wake(&self) {
        self.thread.iter().for_each(|thread| thread.thread().unpark());
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.desk.leave.store(true, Ordering::Release);
        self.wake();
        self.thread.take().map(JoinHandle::join);
    }
}

impl Desk {
    /// Does one job after the other until it is told to leave.
    fn work(&self) {
        let mut looks = 0;
        while !self.leave.load(Ordering::Acquire) {
            if self.busy.load(Ordering::Acquire) {
                let job = self.job.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let Some(Err(panic)) = job.map(|job| catch_unwind(AssertUnwindSafe(job))) {
                    *self.panic.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
                }
                self.busy.store(false, Ordering::Release);
                looks = 0;
            }
            looks += 1;
            if looks < LOOKS { spin_loop() } else { thread::park() }
        }
    }
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("busy", &self.busy).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::subnormal;

    #[test]
    fn every_job_is_done_whatever_the_number_of_threads() {
        for threads in [1, 2, 3] {
            let mut team = Team::of(threads).expect("threads");
            let mut done = [0; 5];
            team.share(done.iter_mut().enumerate().map(|(number, done)| move || *done = number + 1));
            assert_eq!(done, [1, 2, 3, 4, 5]);
        }
    }

    #[test]
    fn a_panic_of_a_job_comes_back_after_the_others_are_done_and_the_team_goes_on() {
        let mut team = Team::of(3).expect("threads");
        for bad in 0..4 {
            let mut done = [false; 4];
            let jobs = done.iter_mut().enumerate().map(|(number, done)| {
                move || {
                    assert_ne!(number, bad, "the bad one");
                    *done = true;
                }
            });
            assert!(catch_unwind(AssertUnwindSafe(|| team.share(jobs))).is_err());
            // What is left to the caller's thread goes with its own.
            assert!((1..3).all(|number| done[number] != (number == bad)), "{bad}: {done:?}");
        }
        let mut done = [false; 3];
        team.share(done.iter_mut().map(|done| || *done = true));
        assert_eq!(done, [true; 3]);
    }

    #[test]
    fn subnormal_numbers_count_as_0_in_the_jobs_of_every_thread_and_nowhere_else() {
        let product = || std::hint::black_box(1e-200_f64) * 1e-110;
        for threads in [1, 2, 3] {
            let mut team = Team::of(threads).expect("threads");
            let mut made = [1.0; 5];
            team.share(made.iter_mut().map(|made| move || *made = product()));
            assert_eq!(made.map(|made| made == 0.0), [subnormal::THERE_IS_ONE; 5]);
            assert!(product() > 0.0, "the caller's thread is as it was");
        }
    }

    #[test]
    fn a_helper_that_sleeps_is_woken() {
        let mut team = Team::of(2).expect("threads");
        let mut count = 0;
        for _ in 0..20 {
            // Long enough for it to fall asleep.
            (0..100 * LOOKS).for_each(|_| spin_loop());
            let mut done = [0, 0];
            team.share(done.iter_mut().map(|done| || *done = 1));
            count += done.iter().sum::<i32>();
        }
        assert_eq!(count, 40);
    }

    #[test]
    fn small_steps_are_not_shared() {
        let team = Team::of(2).expect("threads");
        assert_eq!((team.parts(32, 1_000), team.parts(64, 100_000_000), team.parts(1, 100_000_000)), (1, 2, 1));
        let team = Team::of(4).expect("threads");
        assert_eq!(team.parts(5, 100_000_000), 3, "two, two and one");
    }
}
