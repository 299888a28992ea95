//! When the next frame is due: 30 a second at most, keys sooner, and fewer where the link is slow.

use std::time::{Duration, Instant};

/// Between frames on a link that keeps up.
const SHORTEST: Duration = Duration::from_nanos(1_000_000_000 / 30);
/// Between frames at worst.
const LONGEST: Duration = Duration::from_secs(1);
/// A frame that takes longer to leave says that the link is slow.
const SLOW: Duration = Duration::from_millis(50);
/// A frame that leaves sooner says that it has recovered; in between, nothing changes.
const QUICK: Duration = Duration::from_millis(25);

/// The pace of frames.
#[derive(Debug)]
pub(super) struct Pace {
    last: Option<Instant>,
    interval: Duration,
}

impl Pace {
    /// Nothing is drawn yet; the first frame is due at once.
    pub(super) fn new() -> Self {
        Self { last: None, interval: SHORTEST }
    }

    /// When a change may be drawn; `None`: at once. An answer to a key waits a quarter of the time that others wait.
    pub(super) fn due(&self, answer: bool) -> Option<Instant> {
        self.last.map(|last| last + if answer { self.interval / 4 } else { self.interval })
    }

    /// A frame was begun at `start`, and its bytes took `flush` to leave.
    pub(super) fn drawn(&mut self, start: Instant, flush: Duration) {
        self.last = Some(start);
        if flush > SLOW {
            self.interval = (self.interval * 2).min(LONGEST);
        } else if flush < QUICK {
            self.interval = (self.interval / 2).max(SHORTEST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn wait(pace: &Pace, start: Instant, answer: bool) -> Duration {
        pace.due(answer).unwrap().duration_since(start)
    }

    #[test]
    fn the_first_frame_is_due_at_once() {
        assert_eq!(Pace::new().due(false), None);
    }

    #[test]
    fn thirty_frames_a_second_and_keys_after_eight_milliseconds() {
        let (mut pace, start) = (Pace::new(), Instant::now());
        pace.drawn(start, MS);
        assert_eq!(wait(&pace, start, false).as_millis(), 33);
        assert_eq!(wait(&pace, start, true).as_millis(), 8);
    }

    #[test]
    fn a_slow_link_halves_the_rate_down_to_one_frame_a_second_and_a_quick_one_recovers() {
        let (mut pace, start) = (Pace::new(), Instant::now());
        pace.drawn(start, 51 * MS);
        assert_eq!(wait(&pace, start, false).as_millis(), 66);
        for _ in 0..20 {
            pace.drawn(start, 2000 * MS);
        }
        assert_eq!(wait(&pace, start, false), LONGEST);
        pace.drawn(start, 30 * MS);
        assert_eq!(wait(&pace, start, false), LONGEST, "neither slow nor quick");
        for _ in 0..20 {
            pace.drawn(start, MS);
        }
        assert_eq!(wait(&pace, start, false), SHORTEST);
    }
}
