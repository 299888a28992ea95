//! Steps and looks take no memory of their own once they have taken what they need, and no small file takes much.

#[path = "memory/files.rs"]
mod files;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

use deltascope::data::{Loaded, Source};
use deltascope::nn::{self, Activation, Named, Network, Optimizer, Real, Recurrent};
use deltascope::train::{BatchSize, Config, Recurrence, Trainable, Trainer};

thread_local! {
    /// How often this thread has asked for memory.
    static ASKED: Cell<u64> = const { Cell::new(0) };
    /// The bytes that it holds, less those that other threads freed, and the most that they have been.
    static HELD: Cell<(i64, i64)> = const { Cell::new((0, 0)) };
}

/// Counts bytes that are taken, or given back.
fn hold(bytes: i64) {
    HELD.with(|held| {
        let (now, most) = held.get();
        held.set((now + bytes, most.max(now + bytes)));
    });
}

struct Counting;

#[allow(unsafe_code)]
// SAFETY: every call is passed on to the system's allocator as it came; the counters are plain memory of the thread.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.with(|asked| asked.set(asked.get() + 1));
        hold(layout.size() as i64);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        hold(-(layout.size() as i64));
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ASKED.with(|asked| asked.set(asked.get() + 1));
        // Both places may be there for a while.
        hold(size as i64);
        hold(-(layout.size() as i64));
        // SAFETY: as above.
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// How often memory is asked for while something is done.
fn asked(mut work: impl FnMut()) -> u64 {
    let before = ASKED.with(Cell::get);
    work();
    ASKED.with(Cell::get) - before
}

/// The most bytes that are held at once while something is done, beyond those held before.
fn held(work: impl FnOnce()) -> i64 {
    let before = HELD.with(Cell::get).0;
    HELD.with(|held| held.set((before, before)));
    work();
    HELD.with(Cell::get).1 - before
}

fn trainer<T: Real, M: Trainable<T>>(config: Config) -> Trainer<T, M> {
    let loaded = Loaded::read(&config.source).expect("it is built in");
    let data = loaded.prepare(&config.preparation()).expect("it is finite");
    let mut trainer = Trainer::new(Arc::new(config), data).expect("the options fit");
    // What is measured after an epoch is handed over, so it is new memory each time.
    trainer.measure_epochs(false);
    trainer
}

fn step<T: Real, M: Trainable<T>>(trainer: &mut Trainer<T, M>) {
    trainer.step().expect("it does not diverge");
}

/// Nets of every form: narrow, wider, with batches of two sizes, dropout, and an optimiser that remembers.
fn configs() -> [Config; 4] {
    let iris = Config { source: Source::named("iris"), batch: BatchSize::Size(32), ..Config::default() };
    [
        Config { layers: vec![8, 8], activation: vec![Activation::Tanh], shuffle: false, ..iris.clone() },
        Config { layers: vec![40, 20], optimizer: Optimizer::Adam, alpha: 0.001, ..iris.clone() },
        Config { layers: vec![30], dropout: 0.3, clip: Some(1.0), ..iris.clone() },
        Config { layers: vec![12], ..iris },
    ]
}

/// How often memory is asked for in a step of each net, on average.
fn takes<T: Real>() -> Vec<f64> {
    let of = |config: Config| {
        let mut trainer = trainer::<T, Network<T>>(config);
        // Until the parts of the cost are thinned every step is one more.
        (0..4_200).for_each(|_| step(&mut trainer));
        asked(|| (0..1_000).for_each(|_| step(&mut trainer))) as f64 / 1_000.0
    };
    configs().into_iter().map(of).collect()
}

#[test]
fn a_step_takes_no_memory_but_for_what_gemm_packs_into() {
    for takes in [takes::<f64>(), takes::<f32>()] {
        // Of two hidden layers there are eight products, of one five; gemm packs both of its factors.
        assert!(takes[0] == 0.0 && takes[1] <= 16.0 && takes[2] <= 10.0 && takes[3] == 0.0, "{takes:?}");
    }
}

/// How often memory is asked for in a look at a run that was looked at before.
fn look_takes<M: Trainable<f32>>(config: Config) -> u64 {
    let mut trainer = trainer::<f32, M>(config);
    let mut held = None;
    let mut look = |trainer: &mut Trainer<f32, M>| held = Some(trainer.snapshot(held.take()));
    for _ in 0..20 {
        (0..50).for_each(|_| step(&mut trainer));
        look(&mut trainer);
    }
    (0..50).for_each(|_| step(&mut trainer));
    asked(|| look(&mut trainer))
}

#[test]
fn a_look_takes_no_memory() {
    for config in configs() {
        let layers = config.layers.clone();
        assert_eq!(look_takes::<Network<f32>>(config), 0, "{layers:?}");
    }
    for &cell in nn::Cell::ALL {
        for (source, output) in [("remember", nn::Output::Softmax), ("sine", nn::Output::Linear)] {
            let (source, recurrence) = (Source::sequences(source, 12, 100), Some(Recurrence { cell, truncate: None }));
            let optimizer = Optimizer::Adam;
            let config =
                Config { source, recurrence, output, optimizer, alpha: 0.001, layers: vec![6], ..Config::default() };
            let name = config.source.name.clone();
            assert_eq!(look_takes::<Recurrent<f32>>(config), 0, "{} {name:?}", cell.name());
        }
    }
}
