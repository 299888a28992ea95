//! When the next frame is due: 30 a second at most, fewer where the link is slow, and answers to keys at once.

use std::time::{Duration, Instant};

/// Between frames on a link that keeps up.
const SHORTEST: Duration = Duration::from_nanos(1_000_000_000 / 30);
/// Between frames at worst.
const LONGEST: Duration = Duration::from_secs(1);

/// The pace of frames.
#[derive(Debug)]
pub(super) struct FramePace {
    last: Option<Instant>,
    interval: Duration,
}

impl FramePace {
    /// Nothing is drawn yet; the first frame is due at once.
    pub(super) fn new() -> Self {
        Self { last: None, interval: SHORTEST }
    }

    /// When a change may be drawn; `None`: at once. An answer to a key waits a quarter of the time that others wait on a good link.
    pub(super) fn due(&self, answer: bool) -> Option<Instant> {
        self.last.map(|last| last + if answer { SHORTEST / 4 } else { self.interval })
    }

    /// A frame was begun at `start`, and its bytes took `flush` to leave: as long again the link is left alone, so that an answer
    /// to a key finds it free.
    pub(super) fn drawn(&mut self, start: Instant, flush: Duration) {
        self.last = Some(start);
        self.interval = (2 * flush).clamp(SHORTEST, LONGEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn wait(pace: &FramePace, start: Instant, answer: bool) -> Duration {
        pace.due(answer).unwrap().duration_since(start)
    }

    #[test]
    fn the_first_frame_is_due_at_once() {
        assert_eq!(FramePace::new().due(false), None);
    }

    #[test]
    fn thirty_frames_a_second_and_keys_after_eight_milliseconds() {
        let (mut pace, start) = (FramePace::new(), Instant::now());
        pace.drawn(start, MS);
        assert_eq!(wait(&pace, start, false).as_millis(), 33);
        assert_eq!(wait(&pace, start, true).as_millis(), 8);
    }

    #[test]
    fn a_slow_link_rests_as_long_as_a_frame_takes_and_no_longer_than_a_second() {
        let (mut pace, start) = (FramePace::new(), Instant::now());
        pace.drawn(start, 51 * MS);
        assert_eq!(wait(&pace, start, false), 102 * MS);
        assert_eq!(wait(&pace, start, true).as_millis(), 8, "keys are answered as before");
        pace.drawn(start, 2000 * MS);
        assert_eq!(wait(&pace, start, false), LONGEST);
        pace.drawn(start, MS);
        assert_eq!(wait(&pace, start, false), SHORTEST);
    }
}
