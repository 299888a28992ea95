//! Keys, clicks and pastes at random against the real program, on both of its screens: no panic, no hang, the terminal as it was.

use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use crate::PROGRAM;
use crate::pty::{Pty, command};

/// What runs meanwhile.
const RUNS: [&[&str]; 5] = [
    &["--data", "iris", "--layers", "4,3"],
    &["--data", "circle", "--layers", "4", "--speed", "max"],
    &["--data", "reg-plane", "--paused"],
    &["--data", "echo", "--cell", "lstm", "--length", "6", "--layers", "5"],
    &["--data", "jabberwocky", "--cell", "gru", "--layers", "6", "--speed", "max"],
];
/// What is typed beside single characters: keys of several bytes, clicks, the wheel, a paste, focus, pieces of sequences.
const LONGER: [&[u8]; 16] = [
    b"\x1b[A",
    b"\x1b[B",
    b"\x1b[C",
    b"\x1b[D",
    b"\x1b[5~",
    b"\x1b[6~",
    b"\x1b[H",
    b"\x1b[F",
    b"\x1b[Z",
    b"\x1b[<0;40;10M\x1b[<0;40;10m",
    b"\x1b[<64;90;30M",
    b"\x1b[<65;5;5M",
    b"\x1b[200~r b\x04 pasted\x1b[201~",
    b"\x1b[I\x1b[O",
    b"\r",
    b"\x1b",
];

/// Types so many keys from a seed, then quits.
fn mash(seed: u64, keys: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let words = [&[PROGRAM], RUNS[seed as usize % RUNS.len()]].concat();
    let mut command = command(&words, &[]);
    // What it writes when it is told to goes there.
    command.cwd(folder.path());
    let mut pty = Pty::spawn(command, 100, 30);
    pty.wait_for_text("epoch");
    for _ in 0..keys {
        let typed = match rng.random_range(0..10) {
            // With q it would be over too soon.
            0..7 => vec![rng.random_range(0x20..0x7f_u8)].into_iter().filter(|&key| key != b'q').collect(),
            7 => vec![*[b'\t', 0x7f, 0x0c, 0x05, 0x1a].choose(&mut rng).expect("one")],
            _ => LONGER.choose(&mut rng).expect("one").to_vec(),
        };
        pty.send(&typed);
    }
    assert!(!pty.is_gone(), "seed {seed}: {}", pty.screen());
    pty.send(b"\x03");
    assert_eq!(pty.wait_exit(), 0, "seed {seed}: {}", pty.screen());
    pty.assert_restored();
}

#[test]
fn ten_thousand_keys_at_random_from_each_of_twenty_seeds_are_survived() {
    (0..20).for_each(|seed| mash(seed, 10_000));
}
